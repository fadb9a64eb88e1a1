"""Probes of a stack: gradients, a line through the weights, and layers left out."""

import pytest
import torch

from convlab.datasets import DeviceLoader, Split
from convlab.networks.skip_stack import SkipStack
from experiments.skip_probes import error_without, gradient_by_layer, slice_of_the_loss


@pytest.fixture
def net() -> SkipStack:
    torch.manual_seed(0)
    return SkipStack(1, 4, True)


X, Y = torch.randn(12, 3, 8, 8, generator=torch.Generator().manual_seed(1)), torch.arange(12) % 10


def test_gradients_are_those_of_the_loss_and_nothing_is_left_behind(net: SkipStack) -> None:
    net.eval()
    norms = gradient_by_layer(net, X, Y)
    assert not net.training
    assert float(net.norms[0].running_mean.abs().sum()) == pytest.approx(0.0)
    assert all(p.grad is None for p in net.parameters())
    net.train()
    torch.nn.functional.cross_entropy(net(X), Y).backward()
    assert norms == pytest.approx([float(conv.weight.grad.norm()) for conv in net.convs], rel=1e-4)


def test_a_slice_goes_through_the_weights_and_puts_them_back(net: SkipStack) -> None:
    before = {name: value.clone() for name, value in net.state_dict().items()}
    losses = slice_of_the_loss(net, X, Y, [-0.5, 0.0, 0.5], seed=3)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert losses[1] == pytest.approx(torch.nn.functional.cross_entropy(net(X), Y).item(), rel=1e-4)
    assert len({round(loss, 5) for loss in losses}) == 3


def test_the_error_without_a_pair_counts_all_pictures(net: SkipStack) -> None:
    net.eval()
    with torch.no_grad():
        named = net(X, without={0}).argmax(1)
    loader = DeviceLoader(Split(X, named), 5, shuffle=False)
    assert error_without(net, loader, 0) == pytest.approx(0.0)
    wrong = DeviceLoader(Split(X, (named + (torch.arange(12) < 3)) % 10), 5, shuffle=False)
    assert error_without(net, wrong, 0) == pytest.approx(0.25)
