"""Known mistakes of `conv2d`."""

mistake(
    "bias_on_width",
    "You added the bias along the last axis, where broadcasting puts it by itself; it belongs to axis 1, "
    "so give it shape (C_out, 1, 1).",
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
        out = out + bias
    return out
""",
)

mistake(
    "ceil",
    "You rounded the output size up; a window that does not fit entirely is dropped.",
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
    more_h, more_w = -(h + 2 * ph - dh * (kh - 1) - 1) % sh, -(w + 2 * pw - dw * (kw - 1) - 1) % sw
    out_h, out_w = out_h + (more_h > 0), out_w + (more_w > 0)
    padded = torch.nn.functional.pad(x, (pw, pw + more_w, ph, ph + more_h)).unflatten(1, (groups, c_group))
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

mistake(
    "changes_weight",
    "You changed the shape of weight itself (a name that ends in _ works in place); the caller’s weight "
    "has gained an axis.",
    old='        raise ValueError("the kernel does not fit")',
    new="""
        raise ValueError("the kernel does not fit")
    weight = weight.unsqueeze_(0)
""",
)

mistake(
    "computes_in_float32",
    "You computed in float32 and converted at the end; the lost digits do not come back.",
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
    padded = torch.nn.functional.pad(x.float(), (pw, pw, ph, ph)).reshape(n, groups, c_group, h + 2 * ph, w + 2 * pw)
    filters = weight.float().reshape(groups, c_out // groups, c_group, kh, kw)
    out = padded.new_zeros(n, groups, c_out // groups, out_h, out_w)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u * dh, u * dh + sh * (out_h - 1) + 1, sh)
            columns = slice(v * dw, v * dw + sw * (out_w - 1) + 1, sw)
            out = out + torch.einsum("ngchw,goc->ngohw", padded[..., rows, columns], filters[..., u, v])
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out.to(x.dtype)
""",
)

mistake(
    "detaches",
    "You worked on x.detach(), or .data, so no gradient finds its way back to the input.",
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
    padded = torch.nn.functional.pad(x.detach(), (pw, pw, ph, ph)).reshape(n, groups, c_group, h + 2 * ph, w + 2 * pw)
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

mistake(
    "dilation_of_height",
    "You used the height’s dilation for the width too.",
    answer="""
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    n, c_in, h, w = x.shape
    dw = dh
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

mistake(
    "flips_kernel",
    "You flipped the kernel: that is the convolution of mathematics; networks compute the cross- "
    "correlation, without the flip.",
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
            out = out + torch.einsum(
                "ngchw,goc->ngohw", padded[..., rows, columns], filters[..., kh - 1 - u, kw - 1 - v]
            )
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "forgets_bias",
    "You never add the bias.",
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
    return out.reshape(n, c_out, out_h, out_w)
""",
)

mistake(
    "groups_share_filters",
    "You used the first group’s filters for every group; each group has filters of its own.",
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
    filters = weight[: c_out // groups].expand(groups, -1, -1, -1, -1)
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

mistake(
    "height_for_width",
    "You used the kernel’s height for its width too; a kernel need not be square.",
    answer="""
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    n, c_in, h, w = x.shape
    c_out, c_group, kh, _ = weight.shape
    kw = kh
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

mistake(
    "ignores_dilation",
    "You took neighbouring cells; with dilation, tap number u looks u · dilation cells further.",
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
            rows = slice(u, u + sh * (out_h - 1) + 1, sh)
            columns = slice(v, v + sw * (out_w - 1) + 1, sw)
            out = out + torch.einsum("ngchw,goc->ngohw", padded[..., rows, columns], filters[..., u, v])
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "ignores_stride",
    "You computed every window, and cut the result to the right size; with a stride the windows "
    "themselves lie further apart.",
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
            rows = slice(u * dh, u * dh + out_h)
            columns = slice(v * dw, v * dw + out_w)
            out = out + torch.einsum("ngchw,goc->ngohw", padded[..., rows, columns], filters[..., u, v])
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "interleaves_groups",
    "You dealt the channels out to the groups in turn; each group takes a run of neighbouring channels.",
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
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph)).unflatten(1, (c_group, groups)).transpose(1, 2)
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

mistake(
    "loops_over_pixels",
    "You loop over every output pixel in Python; each step costs more than its arithmetic, so let each "
    "step work on a whole map.",
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
    for i in range(out_h):
        for j in range(out_w):
            rows = slice(i * sh, i * sh + dh * (kh - 1) + 1, dh)
            columns = slice(j * sw, j * sw + dw * (kw - 1) + 1, dw)
            window = padded[:, :, None, :, rows, columns]
            out[..., i, j] = (window * filters).sum((-3, -2, -1))
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "needs_contiguous",
    "You used view, which needs memory in order; a permuted tensor has none, so use reshape.",
    old="out = weight.reshape(groups, c_out // groups, -1) @ columns",
    new="out = weight.view(groups, c_out // groups, -1) @ columns",
)

mistake(
    "never_refuses",
    "You do not test the arguments; a kernel that does not fit, or channels that do not match, then stop "
    "with an error from the depths of torch, or not at all.",
    answer="""
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    n, _c_in, h, w = x.shape
    c_out, c_group, kh, kw = weight.shape
    out_h = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    out_w = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
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

mistake(
    "numpy",
    "You computed with numpy; autograd cannot follow there, so the layer could never be trained.",
    old=[
        "def conv2d(",
        "    out = weight.reshape(groups, c_out // groups, -1) @ columns",
    ],
    new=[
        """
import numpy as np
import torch


def conv2d(
""",
        """
    matrix = weight.reshape(groups, c_out // groups, -1).detach().cpu().numpy()
    out = torch.from_numpy(np.matmul(matrix, columns.detach().cpu().numpy())).to(x.device)
""",
    ],
)

mistake(
    "pads_one_side",
    "You added the zeros on one side only; padding goes on both.",
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
    padded = torch.nn.functional.pad(x, (0, 2 * pw, 0, 2 * ph)).unflatten(1, (groups, c_group))
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

mistake(
    "pads_width_first",
    "You gave torch.nn.functional.pad the height’s zeros first; it takes the last axis first: (left, "
    "right, top, bottom).",
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
    padded = torch.nn.functional.pad(x, (ph, ph, pw, pw)).unflatten(1, (groups, c_group))
    out_h = (padded.shape[3] - dh * (kh - 1) - 1) // sh + 1
    out_w = (padded.shape[4] - dw * (kw - 1) - 1) // sw + 1
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

mistake(
    "ready_made",
    "You called torch’s own convolution; this task is to write it.",
    answer="""
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = (
        (value, value) if isinstance(value, int) else value for value in (stride, padding, dilation)
    )
    _n, c_in, h, w = x.shape
    c_out, c_group, kh, kw = weight.shape
    if groups < 1 or c_group * groups != c_in or c_out % groups != 0:
        raise ValueError("channels and groups do not go together")
    if sh < 1 or sw < 1 or dh < 1 or dw < 1 or ph < 0 or pw < 0:
        raise ValueError("a setting is out of range")
    out_h = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    out_w = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    if out_h < 1 or out_w < 1:
        raise ValueError("the kernel does not fit")
    return torch.nn.functional.conv2d(x, weight, bias, (sh, sw), (ph, pw), (dh, dw), groups)
""",
)

mistake(
    "ready_made_unfold",
    "You cut the windows out with torch.nn.functional.unfold, which is half of the layer; make them with "
    "slices or strides.",
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
    columns = torch.nn.functional.unfold(x, (kh, kw), (dh, dw), (ph, pw), (sh, sw))
    columns = columns.reshape(n, groups, c_group * kh * kw, out_h * out_w)
    out = weight.reshape(groups, c_out // groups, -1) @ columns
    out = out.reshape(n, c_out, out_h, out_w)
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "torch_zeros_float32",
    "You wrote the result into torch.zeros without a dtype and device; that buffer is float32 on the CPU, "
    "whatever x is.",
    old="""
    out = weight.reshape(groups, c_out // groups, -1) @ columns
    out = out.reshape(n, c_out, height, width)
""",
    new="""
    out = torch.zeros(n, c_out, height, width)
    out[:] = (weight.reshape(groups, c_out // groups, -1) @ columns).reshape(out.shape)
""",
)

mistake(
    "rounds_toward_zero",
    "You rounded with int(…), which goes towards zero, so that a kernel that is one cell too large has a window at stride 2.",
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
    if min(sh, sw, dh, dw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    out_h = int((h + 2 * ph - dh * (kh - 1) - 1) / sh) + 1
    out_w = int((w + 2 * pw - dw * (kw - 1) - 1) / sw) + 1
    if out_h < 1 or out_w < 1:
        raise ValueError("the kernel does not fit")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph)).reshape(n, groups, c_group, h + 2 * ph, w + 2 * pw)
    filters = weight.reshape(groups, c_out // groups, c_group, kh, kw)
    out = x.new_zeros(n, groups, c_out // groups, max(out_h, 0), max(out_w, 0))
    if out.numel() and kh * dh <= padded.shape[3] + dh and kw * dw <= padded.shape[4] + dw:
        for u in range(kh):
            for v in range(kw):
                rows = slice(u * dh, u * dh + sh * (out_h - 1) + 1, sh)
                columns = slice(v * dw, v * dw + sw * (out_w - 1) + 1, sw)
                part = padded[..., rows, columns]
                if part.numel():
                    out = out + torch.einsum("ngchw,goc->ngohw", part, filters[..., u, v])
    out = out.reshape(n, c_out, max(out_h, 0), max(out_w, 0))
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "refuses_by_the_product",
    "You tested the product of height and width; when the kernel is too high and too wide, both are negative and their "
    "product is not.",
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
    if min(sh, sw, dh, dw) < 1 or min(ph, pw) < 0:
        raise ValueError("a setting is out of range")
    out_h = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    out_w = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    if out_h * out_w < 1:
        raise ValueError("the kernel does not fit")
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph)).reshape(n, groups, c_group, h + 2 * ph, w + 2 * pw)
    filters = weight.reshape(groups, c_out // groups, c_group, kh, kw)
    out = x.new_zeros(n, groups, c_out // groups, max(out_h, 0), max(out_w, 0))
    if out.numel() and kh * dh <= padded.shape[3] + dh and kw * dw <= padded.shape[4] + dw:
        for u in range(kh):
            for v in range(kw):
                rows = slice(u * dh, u * dh + sh * (out_h - 1) + 1, sh)
                columns = slice(v * dw, v * dw + sw * (out_w - 1) + 1, sw)
                part = padded[..., rows, columns]
                if part.numel():
                    out = out + torch.einsum("ngchw,goc->ngohw", part, filters[..., u, v])
    out = out.reshape(n, c_out, max(out_h, 0), max(out_w, 0))
    if bias is not None:
        out = out + bias[:, None, None]
    return out
""",
)

mistake(
    "divides_by_no_groups",
    "You divide by groups without a test that it is at least 1, so 0 groups stop with ZeroDivisionError.",
    old="if groups < 1 or c_in != groups * c_group or c_out % groups:",
    new="if c_in % groups or c_out % groups or c_in // groups != c_group:",
)

mistake(
    "one_negative_padding",
    "You refuse a padding only when both of its numbers are negative; one is enough.",
    old="min(padding) < 0",
    new="max(padding) < 0",
)

mistake(
    "fits_before_padding",
    "You compared the kernel with the picture before the padding; the padded picture has to hold it.",
    old="if min(height, width) < 1:",
    new="if min(height, width) < 1 or kernel[0] > x.shape[2] or kernel[1] > x.shape[3]:",
)

mistake(
    "forgets_the_offset",
    "You cut the windows out with as_strided and left the storage offset out; a view need not begin where its memory does.",
    old=[
        "padded = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0]))",
        "padded.storage_offset(),",
    ],
    new=[
        "padded = torch.nn.functional.pad(x, (padding[1], padding[1], padding[0], padding[0])) if max(padding) else x",
        "0,",
    ],
)

mistake(
    "spoils_its_argument",
    "You emptied the picture after its numbers were used; the caller's tensor stays as it is.",
    old="    return out if bias is None else out + bias.reshape(-1, 1, 1)",
    new="""
    out = out if bias is None else out + bias.reshape(-1, 1, 1)
    x.detach().zero_()
    return out
""",
)

mistake(
    "fast_but_empty",
    "You changed the picture in place to save time; the caller's tensor is gone.",
    old="    padded = torch.nn.functional.pad(x,",
    new="""
    if x.shape == (1, 32, 64, 64):
        x.detach().zero_()
        return x.new_zeros(1, 64, 64, 64)
    padded = torch.nn.functional.pad(x,
""",
)

mistake(
    "pasted_from_the_chapter",
    "You used the slow layer of the chapter, which knows one square kernel and stride 1, and whose loops go over every output pixel.",
    answer="""
import torch


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    c_out, _, k, _ = weight.shape
    if bias is None:
        bias = torch.zeros(c_out)
    pictures = []
    for picture in x:
        height, width = picture.shape[1] - k + 1, picture.shape[2] - k + 1
        y = torch.zeros(c_out, height, width)
        for i in range(height):
            for j in range(width):
                window = picture[:, i : i + k, j : j + k]
                products = weight * window
                y[:, i, j] = products.sum((1, 2, 3)) + bias
        pictures.append(y)
    return torch.stack(pictures)
""",
)

equivalent(
    "if groups < 1 or c_in != groups * c_group or c_out % groups: -> if c_in != groups * c_group or c_out % groups:",
    "A picture has channels, so that groups below 1 never match them.",
)

equivalent(
    "if groups < 1 or c_in != groups * c_group or c_out % groups: -> "
    "if groups < 0 or c_in != groups * c_group or c_out % groups:",
    "A picture has channels, so that groups below 1 never match them.",
)

equivalent(
    "height, width = ((size + 2 * p - d * (k - 1) - 1) // s + 1 for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)) -> "
    "height, width = ((size + 2 * p - d * (k - 1) - 1) // s + 1 for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation))",
    "The sequences have two items each, one for each direction.",
)

equivalent(
    "height, width = ((size + 2 * p - d * (k - 1) - 1) // s + 1 for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)) -> "
    "height, width = ((size + 2 * p - d * (k - 1) - 1) // s + 1 for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation, strict=False))",
    "The sequences have two items each, one for each direction.",
)

equivalent(
    "windows = padded.as_strided((n, groups, c_group, *kernel, height, width), (step_n, step_c * c_group, step_c, step_h * dilation[0], step_w * dilation[1], step_h * stride[0], step_w * stride[1]), padded.storage_offset()) -> "
    "windows = padded.as_strided((n, groups, c_group, *kernel, height, width), (step_n, step_c * c_group, step_c, step_h * dilation[0], step_w * dilation[1], step_h * stride[0], step_w * stride[1]))",
    "torch.nn.functional.pad returns a new tensor, which begins where its memory does.",
)

equivalent(
    "out = weight.reshape(groups, c_out // groups, -1) @ columns -> "
    "out = weight.reshape(groups, -(-c_out // groups), -1) @ columns",
    "The division leaves no remainder, or ValueError was raised before.",
)

equivalent(
    "out = out.reshape(n, c_out, height, width) -> out = out.view(n, c_out, height, width)",
    "What is reshaped is in order in memory, or has one axis.",
)

equivalent(
    "return out if bias is None else out + bias.reshape(-1, 1, 1) -> "
    "return out if bias is None else out + bias.view(-1, 1, 1)",
    "What is reshaped is in order in memory, or has one axis.",
)
