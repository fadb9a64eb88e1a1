"""Known mistakes of `im2col`."""

mistake(
    "adds_an_axis_in_place",
    "You changed the shape of x itself (a name that ends in _ works in place); the caller’s picture has "
    "gained an axis.",
    old="    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))",
    new="""
    x.unsqueeze_(0)
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))[0]
    x = x[0]
""",
)

mistake(
    "channel_last",
    "You let the channel change fastest in a column; it comes first: channel, kernel row, kernel column.",
    old="0, 1, 4, 5, 2",
    new="0, 4, 5, 1, 2",
)

mistake(
    "cuts_the_graph",
    "You copied the picture out of the graph with .detach() (or .data, or torch.tensor), so no gradient flows back.",
    old="padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))",
    new="padded = torch.nn.functional.pad(x.detach(), (p_w, p_w, p_h, p_h))",
)

mistake(
    "ignores_padding",
    "You left the padding out.",
    old="padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))",
    new="padded = x",
)

mistake(
    "kernel_by_columns",
    "You read each window column by column; the kernel’s row comes before its column.",
    old="0, 1, 4, 5, 2, 3",
    new="0, 1, 5, 4, 2, 3",
)

mistake(
    "needs_contiguous",
    "You used view, which needs memory in order; the windows overlap, so use reshape.",
    old="3).reshape(x.",
    new="3).view(x.",
)

mistake(
    "never_refuses",
    "You do not test the arguments; a window that does not fit gives an empty matrix and no warning.",
    old="""
    if min(k_h, k_w, s_h, s_w) < 1 or min(p_h, p_w) < 0:
        raise ValueError("kernel_size and stride are at least 1, padding at least 0")
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    if padded.shape[2] < k_h or padded.shape[3] < k_w:
        raise ValueError("the kernel does not fit")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
""",
    new="""
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    columns = []
    for i in range(0, padded.shape[2] - k_h + 1, s_h):
        for j in range(0, padded.shape[3] - k_w + 1, s_w):
            columns.append(padded[:, :, i : i + k_h, j : j + k_w].reshape(x.shape[0], -1))
    return torch.stack(columns, 2) if columns else x.new_zeros(x.shape[0], x.shape[1] * k_h * k_w, 0)
""",
)

mistake(
    "one_stride",
    "You used the height’s stride for the width too.",
    old="windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)",
    new="windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_h)",
)

mistake(
    "pads_height_first",
    "You gave torch.nn.functional.pad the height’s zeros first; it takes the last axis first: (left, "
    "right, top, bottom).",
    old="padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))",
    new="padded = torch.nn.functional.pad(x, (p_h, p_h, p_w, p_w))",
)

mistake(
    "ready_made",
    "You called torch’s own unfold; this task is to write it.",
    old="""
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
""",
    new="    return torch.nn.functional.unfold(x, (k_h, k_w), padding=(p_h, p_w), stride=(s_h, s_w))",
)

mistake(
    "reshape_without_permute",
    "You reshaped without moving the axes first; reshape keeps the order in memory, so the numbers end up "
    "in the wrong places.",
    old=".permute(0, 1, 4, 5, 2, 3).reshape",
    new=".reshape",
)

mistake(
    "torch_zeros_float32",
    "You filled a buffer from torch.zeros, which is float32 on the CPU; give it the dtype and device of x.",
    old="    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))",
    new="""
    padded = torch.zeros(x.shape[0], x.shape[1], x.shape[2] + 2 * p_h, x.shape[3] + 2 * p_w)
    padded[:, :, p_h : p_h + x.shape[2], p_w : p_w + x.shape[3]] = x
""",
)

mistake(
    "windows_as_rows",
    "You made each window a row; the task asks for columns, (N, C · kH · kW, L).",
    old="k_h * k_w, -1)",
    new="k_h * k_w, -1).transpose(1, 2)",
)

mistake(
    "windows_by_columns",
    "You went through the windows from top to bottom first; they go along a line, then to the next line.",
    old="5, 2, 3).reshape",
    new="5, 3, 2).reshape",
)

mistake(
    "refuses_what_is_much_too_large",
    "You rounded with int(…), which goes towards zero, so that a kernel that is one cell too large has a window at stride 2.",
    old="""
    if padded.shape[2] < k_h or padded.shape[3] < k_w:
        raise ValueError("the kernel does not fit")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
""",
    new="""
    height, width = int((padded.shape[2] - k_h) / s_h) + 1, int((padded.shape[3] - k_w) / s_w) + 1
    if height < 1 or width < 1:
        raise ValueError("the kernel does not fit")
    columns = x.new_zeros(x.shape[0], x.shape[1], k_h, k_w, height, width)
    for u in range(min(k_h, padded.shape[2])):
        for v in range(min(k_w, padded.shape[3])):
            part = padded[:, :, u : u + s_h * (height - 1) + 1 : s_h, v : v + s_w * (width - 1) + 1 : s_w]
            columns[:, :, u, v] = part
    return columns.reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
""",
)

mistake(
    "refuses_by_the_product",
    "You tested the number of windows, which is a product; when the kernel is too high and too wide, both factors are "
    "negative and their product is not.",
    old="""
    if padded.shape[2] < k_h or padded.shape[3] < k_w:
        raise ValueError("the kernel does not fit")
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
""",
    new="""
    height, width = (padded.shape[2] - k_h) // s_h + 1, (padded.shape[3] - k_w) // s_w + 1
    if height * width < 1:
        raise ValueError("the kernel does not fit")
    columns = [
        padded[:, :, i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w].reshape(x.shape[0], -1)
        for i in range(height)
        for j in range(width)
    ]
    return torch.stack(columns, 2) if columns else x.new_zeros(x.shape[0], x.shape[1] * k_h * k_w, 0)
""",
)

mistake(
    "negative_padding_cuts",
    "You hand a negative padding to torch.nn.functional.pad, which then cuts cells off; it makes no sense here, so raise "
    "ValueError.",
    old="k_w, s_h, s_w) < 1 or min(p_h, p_w) < 0:",
    new="k_w, s_h, s_w) < 1:",
)

mistake(
    "one_negative_padding",
    "You refuse a padding only when both of its numbers are negative; one is enough.",
    old="min(p_h, p_w) < 0",
    new="max(p_h, p_w) < 0",
)

mistake(
    "fits_before_padding",
    "You compared the kernel with the picture before the padding; the padded picture has to hold it.",
    old="if padded.shape[2] < k_h or padded.shape[3] < k_w:",
    new="if x.shape[2] < k_h or x.shape[3] < k_w:",
)

mistake(
    "spoils_its_argument",
    "You emptied the picture after its numbers were used; the caller's tensor stays as it is.",
    old="    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)",
    new="""
    columns = windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1).clone()
    x.detach().zero_()
    return columns
""",
)

mistake(
    "forgets_the_offset",
    "You cut the windows out with as_strided and left the storage offset out; a view need not begin where its memory does.",
    old="""
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(x.shape[0], x.shape[1] * k_h * k_w, -1)
""",
    new="""
    if p_h == p_w == 0:
        padded = x
    n, c, h, w = padded.shape
    height, width = (h - k_h) // s_h + 1, (w - k_w) // s_w + 1
    a, b, d, e = padded.stride()
    windows = padded.as_strided((n, c, k_h, k_w, height, width), (a, b, d, e, d * s_h, e * s_w), 0)
    return windows.reshape(n, c * k_h * k_w, -1)
""",
)

mistake(
    "pasted_from_the_chapter",
    "You used F.unfold, as the chapter does; this task is to write it.",
    answer="""
import torch.nn.functional as F


def im2col(x, kernel_size, stride=1, padding=0):
    return F.unfold(x, kernel_size=kernel_size, stride=stride, padding=padding)
""",
)
