"""The stack of the depth experiment: its sizes, its skips, and pairs left out."""

import pytest
import torch

from convlab.networks.skip_stack import SkipStack


@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize(
    ("n", "count"), [(3, 269_722), (5, 464_154), (7, 658_586), (9, 853_018), (18, 1_727_962), (200, 19_421_274)]
)
def test_the_sizes_are_those_of_the_paper(n: int, count: int, skips: bool) -> None:
    with torch.device("meta"):
        net = SkipStack(n, 16, skips)
    assert sum(p.numel() for p in net.parameters()) == count
    assert len(net.convs) + 1 == 6 * n + 2


def test_stages_halve_the_picture_and_double_the_channels() -> None:
    net, shapes = SkipStack(2, 4, True), []
    for conv in net.convs:
        conv.register_forward_hook(lambda module, args, out: shapes.append(tuple(out.shape[1:])))
    assert net(torch.randn(2, 3, 16, 20)).shape == (2, 10)
    assert shapes == [(4, 16, 20)] * 5 + [(8, 8, 10)] * 4 + [(16, 4, 5)] * 4
    assert net.bypassable == [0, 1, 3, 5]


def test_pairs_that_compute_nothing_leave_the_road_as_it_is() -> None:
    net, x = SkipStack(1, 4, True).eval(), torch.randn(2, 3, 8, 6)
    with torch.no_grad():
        for norm in list(net.norms)[2::2]:
            norm.weight.zero_()
        road = torch.zeros(2, 16, 2, 2)
        first = torch.relu(net.norms[0](net.convs[0](x)))
        road[:, 6:10] = first[:, :, ::4, ::4]  # 2 channels of zeros in front, then 4
        assert torch.allclose(net(x), net.head(road.mean((2, 3))), atol=1e-6)


def test_plain_pairs_that_compute_nothing_let_nothing_through() -> None:
    net = SkipStack(1, 4, False).eval()
    with torch.no_grad():
        for norm in net.norms:
            norm.weight.zero_()
        one, other = net(torch.randn(1, 3, 8, 8)), net(torch.randn(1, 3, 8, 8))
    assert torch.allclose(one, other)


@pytest.mark.parametrize("skips", [False, True])
def test_a_pair_that_is_left_out_does_not_matter(skips: bool) -> None:
    net, x = SkipStack(2, 4, skips).eval(), torch.randn(2, 3, 8, 8)
    with torch.no_grad():
        before, whole = net(x, without={1}), net(x)
        net.convs[3].weight.zero_()  # a layer of pair 1
        assert torch.allclose(net(x, without={1}), before)
        assert not torch.allclose(net(x), whole)
