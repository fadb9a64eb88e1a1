"""What each layer of a convolutional stack does to sizes, weights, work and sight: measured, never derived.

Shapes come from running the layers, multiply–accumulates from torch's own operation counter, and the receptive field
from the gradient: the input pixels that get any gradient from one output unit are the ones that unit sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["LayerFacts", "anatomy", "seen_by_one_unit", "visits"]


@dataclass(frozen=True)
class LayerFacts:
    """One layer of a stack. Sizes are (C, H, W); ``field`` and ``jump`` are input pixels along the height."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    field: int
    jump: int


def anatomy(net: nn.Sequential, input_shape: tuple[int, int, int]) -> list[LayerFacts]:
    """Measure every convolution and pooling layer of ``net`` on an input of ``input_shape`` (C, H, W).

    ``field`` is the receptive field and ``jump`` the distance in the input between two neighbouring units. Layers that
    work on each pixel alone (ReLU, dropout, normalisation) change neither, and are left out.
    """
    import torch
    from torch import nn
    from torch.utils.flop_counter import FlopCounterMode

    facts: list[LayerFacts] = []
    sight: list[nn.Module] = []
    x = torch.zeros(1, *input_shape)
    for layer in net:
        counter = FlopCounterMode(display=False)
        with torch.no_grad(), counter:
            x = layer(x)
        spatial = _spatial_twin(layer)
        if spatial is None:
            continue
        sight.append(spatial)
        field, jump = _field_and_jump(nn.Sequential(*sight))
        parameters = sum(p.numel() for p in layer.parameters())
        macs = counter.get_total_flops() // 2  # a multiply and an add are two operations, one multiply–accumulate
        facts.append(LayerFacts(type(layer).__name__, tuple(x.shape[1:]), parameters, macs, field, jump))
    return facts


def visits(layer: nn.Module, height: int, width: int) -> Tensor:
    """Count how often ``layer``'s windows read each input pixel: (height, width) for a layer of one channel.

    With every weight 1, the gradient of the summed output with respect to a pixel *is* that count.
    """
    import torch

    x = torch.zeros(1, 1, height, width, dtype=torch.float64, requires_grad=True)
    twin = _ones(layer)
    (counts,) = torch.autograd.grad(twin(x).sum(), x)
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


def _spatial_twin(layer: nn.Module) -> nn.Module | None:
    """Return a layer of one channel with the same windows and only positive weights, or None where there are none."""
    from torch import nn

    if isinstance(layer, nn.Conv2d):
        return _ones(layer)
    if isinstance(layer, nn.MaxPool2d | nn.AvgPool2d):
        as_conv = nn.Conv2d(1, 1, layer.kernel_size, layer.stride, layer.padding)
        return _ones(as_conv)
    return None


def _ones(layer: nn.Module) -> nn.Module:
    import torch
    from torch import nn

    if not isinstance(layer, nn.Conv2d):
        raise TypeError(f"Expected an nn.Conv2d, got {type(layer).__name__}.")
    twin = nn.Conv2d(
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
    nn.init.ones_(twin.weight)
    return twin


def _field_and_jump(sight: nn.Sequential) -> tuple[int, int]:
    """Measure along the height, on an input tall enough for two whole receptive fields in the middle."""
    import torch

    height = 32
    while True:
        x = torch.zeros(1, 1, height, height, dtype=torch.float64, requires_grad=True)
        try:
            y = sight(x)
        except RuntimeError:  # smaller than a kernel
            height *= 2
            continue
        middle, column = y.shape[2] // 2 - 1, y.shape[3] // 2
        if y.shape[2] >= 4:
            rows = []
            for unit in (middle, middle + 1):
                (gradient,) = torch.autograd.grad(y[0, 0, unit, column], x, retain_graph=True)
                seen = gradient[0, 0].abs().sum(1).nonzero().flatten()
                rows.append((int(seen[0]), int(seen[-1])))
            (first, last), (next_first, next_last) = rows
            if first > 0 and next_last < height - 1:
                return last - first + 1, next_first - first
        height *= 2
