"""You go through the pixels in Python; one matrix product does them all."""

import torch


def conv1x1_as_linear(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    if weight.shape[1:] != (x.shape[1], 1, 1):
        raise ValueError("the weights do not fit")
    lines = []
    for i in range(x.shape[2]):
        pixels = [torch.nn.functional.linear(x[:, :, i, j], weight[:, :, 0, 0], bias) for j in range(x.shape[3])]
        lines.append(torch.stack(pixels, 2))
    return torch.stack(lines, 2)
