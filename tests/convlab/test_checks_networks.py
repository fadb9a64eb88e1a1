"""What a tool leaves of a network: each of its three traces is seen, and no other's."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from convlab import checks
from convlab.checks import CheckFailed


def network() -> nn.Module:
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Dropout())
    net[2].eval()
    net[0].bias.requires_grad_(False)
    net[1].register_forward_hook(lambda *_: None)
    return net


TRACES = {
    "The modes": lambda net: net.eval(),
    "Whether a parameter wants a gradient,": lambda net: net.requires_grad_(True),
    "The hooks": lambda net: net[0].register_forward_pre_hook(lambda *_: None),
}


@pytest.mark.parametrize("what", TRACES)
def test_each_trace_is_named(what):
    net = network()
    before = checks.network_state(net)
    TRACES[what](net)
    with pytest.raises(CheckFailed) as caught:
        checks.network_kept(net, before, "after an error", hint="look again")
    assert str(caught.value).splitlines()[0] == f"{what} after an error"
    assert "Likely cause: look again" in str(caught.value)


def test_a_hook_that_was_there_is_missed():
    net = network()
    before = checks.network_state(net)
    net[1]._forward_hooks.clear()
    with pytest.raises(CheckFailed, match="no others"):
        checks.network_kept(net, before)


def test_a_network_that_is_used_is_as_it_was():
    net = network()
    before = checks.network_state(net)
    net(torch.ones(1, 2)).sum().backward()
    assert checks.network_kept(net, before) is None
