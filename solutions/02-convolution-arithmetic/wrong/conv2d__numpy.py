"""You computed with numpy; autograd cannot follow there, so the layer could never be trained."""

import numpy as np
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    n, c_in, h, w = x.shape
    c_out, c_group, kh, kw = weight.shape
    if groups < 1 or c_group * groups != c_in or c_out % groups != 0:
        raise ValueError("channels and groups do not go together")
    if sh < 1 or sw < 1 or dh < 1 or dw < 1 or ph < 0 or pw < 0:
        raise ValueError("a setting is out of range")
    out_h = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    out_w = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    if out_h < 1 or out_w < 1:
        raise ValueError("the kernel does not fit")
    dtype, device = x.dtype, x.device
    x, weight = x.detach(), weight.detach()
    bias = None if bias is None else bias.detach()
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph)).reshape(n, groups, c_group, h + 2 * ph, w + 2 * pw)
    filters = weight.reshape(groups, c_out // groups, c_group, kh, kw)
    out = x.new_zeros(n, groups, c_out // groups, out_h, out_w)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u * dh, u * dh + sh * (out_h - 1) + 1, sh)
            columns = slice(v * dw, v * dw + sw * (out_w - 1) + 1, sw)
            product = np.einsum(
                "ngchw,goc->ngohw", padded[..., rows, columns].cpu().numpy(), filters[..., u, v].cpu().numpy()
            )
            out = out + torch.as_tensor(product, dtype=dtype, device=device)
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
