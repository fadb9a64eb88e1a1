"""Networks from one line of text."""

import pytest
import torch

from convlab.networks import Network


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("convolution 6 5", "No step is called 'convolution'"),
        ("product(conv 6 5 ; same)", "Expected one of cat, sum"),
        ("sum(conv 6 5) 3", "Expected one of cat, sum"),
        ("conv 3 1 | sum(conv 6 5", "not closed or not opened"),
        ("sum(conv 6 5 ; flat | dense 10))", "not closed or not opened"),
    ],
)
def test_a_step_without_meaning_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network(text, (1, 8, 8))


def test_a_convolution_has_its_padding_before_its_stride() -> None:
    net = Network("conv 5 3 1 2 | max 3 2 1", (2, 9, 8))
    assert [net.steps[0](torch.zeros(1, 2, 9, 8)).shape, net(torch.zeros(1, 2, 9, 8)).shape] == [
        (1, 5, 5, 4),
        (1, 5, 3, 2),
    ]


def test_branches_read_the_same_input_and_are_put_together() -> None:
    torch.manual_seed(0)
    net = Network("cat(conv 2 1 ; conv 3 3 1 | cat(relu ; max 3 1 1)) | sum(same ; conv 8 1 ; same) | relu", (4, 6, 5))
    x = torch.randn(2, 4, 6, 5)
    first, second, third = (m for m in net.modules() if isinstance(m, torch.nn.Conv2d))
    inner = second(x)
    h = torch.cat([first(x), inner.relu(), torch.nn.functional.max_pool2d(inner, 3, 1, 1)], 1)
    torch.testing.assert_close(net(x), (2 * h + third(h)).relu())
    assert net.parameter_count == (4 + 1) * 2 + (4 * 9 + 1) * 3 + (8 + 1) * 8
    assert [p.abs().max().item() for name, p in net.named_parameters() if name.endswith("bias")] == [0.0] * 3
