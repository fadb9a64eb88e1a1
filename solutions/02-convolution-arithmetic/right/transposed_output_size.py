"""Right answers, written differently, for `transposed_output_size`."""

right(
    "inverts",
    "Ask which sizes the ordinary convolution maps back to n: the smallest, plus output_padding.",
    answer="""
def transposed_output_size(n, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    def one(n, k, s, p, extra, d):
        if n < 1 or k < 1 or s < 1 or d < 1 or p < 0 or extra < 0 or extra >= max(s, d):
            raise ValueError("arguments out of range")
        smallest = 1 - 2 * p
        while (smallest + 2 * p - d * (k - 1) - 1) // s + 1 < n:
            smallest += 1
        if smallest + extra < 1:
            raise ValueError("the output would be empty")
        return smallest + extra

    rows, columns = [], []
    for value in (n, kernel_size, stride, padding, output_padding, dilation):
        row, column = value if isinstance(value, tuple) else (value, None)
        rows.append(row)
        columns.append(column)
    if all(column is None for column in columns):
        return one(*rows)
    return one(*rows), one(*(row if column is None else column for row, column in zip(rows, columns, strict=True)))
""",
)

right(
    "stamps",
    "Find the last cell that a stamp touches.",
    answer="""
def transposed_output_size(n, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    arguments = (n, kernel_size, stride, padding, output_padding, dilation)
    if any(isinstance(value, tuple) for value in arguments):
        pairs = [value if isinstance(value, tuple) else (value, value) for value in arguments]
        return tuple(transposed_output_size(*along) for along in zip(*pairs, strict=True))
    if not (n > 0 and kernel_size > 0 and stride > 0 and dilation > 0):
        raise ValueError("n, kernel_size, stride and dilation must be positive")
    if padding < 0 or not 0 <= output_padding < max(stride, dilation):
        raise ValueError("the paddings are out of range")
    last = 0
    for cell in range(n):
        for tap in range(kernel_size):
            last = max(last, cell * stride + tap * dilation)
    size = last + 1 - padding - padding + output_padding
    if size <= 0:
        raise ValueError("nothing is left")
    return size
""",
)

right(
    "torch_size",
    "Return the pair as a torch.Size, which is a tuple.",
    answer="""
import torch


def transposed_output_size(n, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    arguments = (n, kernel_size, stride, padding, output_padding, dilation)
    if any(isinstance(value, tuple) for value in arguments):
        pairs = [value if isinstance(value, tuple) else (value, value) for value in arguments]
        return torch.Size([transposed_output_size(*along) for along in zip(*pairs, strict=True)])
    if min(n, kernel_size, stride, dilation) < 1 or padding < 0 or output_padding < 0:
        raise ValueError("arguments out of range")
    if not (output_padding < stride or output_padding < dilation):
        raise ValueError("output_padding is too large")
    size = stride * (n - 1) + dilation * (kernel_size - 1) + 1 + output_padding - 2 * padding
    if size <= 0:
        raise ValueError("nothing is left")
    return size
""",
)
