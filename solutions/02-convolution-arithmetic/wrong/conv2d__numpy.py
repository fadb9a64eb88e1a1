"""You computed with numpy; autograd cannot follow there, so the layer could never be trained."""

import numpy as np
import torch


def conv2d(
    x: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> torch.Tensor:
    """Return the convolution of ``x`` (N, C_in, H, W) with ``weight`` (C_out, C_in / groups, kH, kW)."""
    stride, padding, dilation = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    n, c_in = x.shape[:2]
    c_out, c_group, *kernel = weight.shape
    if groups < 1 or c_in != groups * c_group or c_out % groups:
        raise ValueError(f"{c_in} channels in, {c_out} out and {groups} groups do not go together")
    if min(*stride, *dilation) < 1 or min(padding) < 0:
        raise ValueError("strides and dilations are at least 1, padding at least 0")
    height, width = (
        (size + 2 * p - d * (k - 1) - 1) // s + 1
        for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)
    )
    if min(height, width) < 1:
        raise ValueError("the kernel does not fit")
    padded = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    step_n, step_c, step_h, step_w = padded.stride()
    windows = padded.as_strided(
        (n, groups, c_group, *kernel, height, width),
        (
            step_n,
            step_c * c_group,
            step_c,
            step_h * dilation[0],
            step_w * dilation[1],
            step_h * stride[0],
            step_w * stride[1],
        ),
        padded.storage_offset(),
    )
    columns = windows.reshape(n, groups, c_group * kernel[0] * kernel[1], height * width)
    matrix = weight.reshape(groups, c_out // groups, -1).detach().cpu().numpy()
    out = torch.from_numpy(np.matmul(matrix, columns.detach().cpu().numpy())).to(x.device)
    out = out.reshape(n, c_out, height, width)
    return out if bias is None else out + bias.reshape(-1, 1, 1)
