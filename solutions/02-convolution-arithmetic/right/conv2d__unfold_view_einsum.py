"""Cut dilated windows out of a view with Tensor.unfold, and sum with one einsum, in float64 inside."""

import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = [(v, v) if type(v) is int else v for v in (stride, padding, dilation)]
    kh, kw = weight.shape[-2:]
    if min(sh, sw, dh, dw, groups) < 1 or min(ph, pw) < 0:
        raise ValueError("stride, dilation and groups must be positive, padding not negative")
    if weight.shape[0] % groups or x.shape[1] != groups * weight.shape[1]:
        raise ValueError("wrong number of channels")
    y = torch.nn.functional.pad(x.double(), (pw, pw, ph, ph))
    if y.shape[2] < dh * (kh - 1) + 1 or y.shape[3] < dw * (kw - 1) + 1:
        raise ValueError("kernel larger than input")
    y = y.unfold(2, dh * (kh - 1) + 1, sh).unfold(3, dw * (kw - 1) + 1, sw)[..., ::dh, ::dw]
    y = y.unflatten(1, (groups, -1))
    w = weight.double().unflatten(0, (groups, -1))
    y = torch.einsum("ngchwuv,gocuv->ngohw", y, w).flatten(1, 2)
    if bias is not None:
        y = y + bias.double()[:, None, None]
    return y.to(x.dtype)
