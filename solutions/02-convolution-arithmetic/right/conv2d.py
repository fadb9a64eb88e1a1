"""Right answers, written differently, for `conv2d`."""

right(
    "im2col",
    "Gather the windows by index, and multiply one matrix for each group.",
    answer="""
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    def pair(value):
        return value if isinstance(value, tuple) else (value, value)

    stride, padding, dilation = pair(stride), pair(padding), pair(dilation)
    if min(stride) < 1 or min(padding) < 0 or min(dilation) < 1 or groups < 1:
        raise ValueError("out of range")
    if x.shape[1] != weight.shape[1] * groups or weight.shape[0] % groups:
        raise ValueError("channels do not match")
    x = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    starts, taps = [], []
    for axis in (0, 1):
        reach = dilation[axis] * (weight.shape[2 + axis] - 1)
        if reach >= x.shape[2 + axis]:
            raise ValueError("the kernel does not fit")
        starts.append(torch.arange(0, x.shape[2 + axis] - reach, stride[axis], device=x.device))
        taps.append(torch.arange(0, reach + 1, dilation[axis], device=x.device))
    rows = (taps[0][:, None] + starts[0])[:, None, :, None]
    columns = (taps[1][:, None] + starts[1])[None, :, None, :]
    windows = x[:, :, rows, columns]
    results = []
    for part, filters in zip(windows.chunk(groups, 1), weight.chunk(groups, 0), strict=True):
        matrix = part.flatten(1, 3).flatten(2)
        results.append(filters.flatten(1) @ matrix)
    y = torch.cat(results, 1).unflatten(2, (len(starts[0]), len(starts[1])))
    return y if bias is None else y + bias.view(1, -1, 1, 1)
""",
)

right(
    "taps",
    "Loop over the taps of the kernel; each multiplies one shifted, strided slice.",
    answer="""
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
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph)).reshape(n, groups, c_group, h + 2 * ph, w + 2 * pw)
    filters = weight.reshape(groups, c_out // groups, c_group, kh, kw)
    out = x.new_zeros(n, groups, c_out // groups, out_h, out_w)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u * dh, u * dh + sh * (out_h - 1) + 1, sh)
            columns = slice(v * dw, v * dw + sw * (out_w - 1) + 1, sw)
            out = out + torch.einsum("ngchw,goc->ngohw", padded[..., rows, columns], filters[..., u, v])
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

right(
    "unfold_view_einsum",
    "Cut dilated windows out of a view with Tensor.unfold, and sum with one einsum, in float64 inside.",
    answer="""
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
""",
)
