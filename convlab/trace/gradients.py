"""Measure from gradients which input pixels a unit sees, and how often the windows of a layer read each pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["seen_by_one_unit", "visits"]


def visits(layer: nn.Module, height: int, width: int) -> Tensor:
    """Count how often the windows of a convolution read each input pixel: (height, width), int64.

    With every weight 1, the gradient of the summed output with respect to a pixel *is* that count.

    Raises:
        TypeError: ``layer`` is no ``nn.Conv2d``.
    """
    import torch
    from torch import nn

    if not isinstance(layer, nn.Conv2d):
        raise TypeError(f"Expected an nn.Conv2d, got {type(layer).__name__}.")
    ones = nn.Conv2d(
        1,
        1,
        layer.kernel_size,  # type: ignore[arg-type]
        layer.stride,  # type: ignore[arg-type]
        layer.padding,  # type: ignore[arg-type]
        layer.dilation,  # type: ignore[arg-type]
        bias=False,
        padding_mode=layer.padding_mode,
        dtype=torch.float64,
    )
    nn.init.ones_(ones.weight)
    x = torch.zeros(1, 1, height, width, dtype=torch.float64, requires_grad=True)
    (counts,) = torch.autograd.grad(ones(x).sum(), x)
    return counts[0, 0].round().to(torch.int64)


def seen_by_one_unit(net: nn.Module, x: Tensor) -> Tensor:
    """Return the gradient magnitude (H, W) that the output's central unit sends to ``x`` (1, C, H, W).

    The gradient starts as 1 in every channel of that unit and is summed in magnitude over the input's channels
    (Luo et al., 2016, section 3).
    """
    import torch

    x = x.detach().requires_grad_()
    y = net(x)
    start = torch.zeros_like(y)
    start[..., y.shape[-2] // 2, y.shape[-1] // 2] = 1
    (gradient,) = torch.autograd.grad(y, x, start)
    return gradient[0].abs().sum(0)
