"""Right answers, written differently, for `conv_macs`."""

right(
    "count_windows",
    "Count the windows line by line, and the products in each.",
    answer="""
def conv_macs(in_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    def pair(value):
        return (value, value) if isinstance(value, int) else value

    channels, height, width = in_shape
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = map(pair, (kernel_size, stride, padding, dilation))
    if groups < 1 or c_out < 1 or channels < 1 or channels % groups or c_out % groups:
        raise ValueError("channels and groups do not go together")
    if kh < 1 or kw < 1 or sh < 1 or sw < 1 or dh < 1 or dw < 1 or ph < 0 or pw < 0:
        raise ValueError("a setting is out of range")
    rows = len(range(0, height + 2 * ph - dh * (kh - 1), sh))
    columns = len(range(0, width + 2 * pw - dw * (kw - 1), sw))
    if rows == 0 or columns == 0:
        raise ValueError("no window fits")
    products = sum(channels // groups for _ in range(kh * kw))
    return rows * columns * c_out * products
""",
)

right(
    "real_layer",
    'Make the layer without memory (device "meta") and read the shapes of its weight and result.',
    answer="""
import torch


def conv_macs(in_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    numbers = [kernel_size, stride, dilation]
    flat = [n for value in numbers for n in (value if isinstance(value, tuple) else (value,))]
    pads = padding if isinstance(padding, tuple) else (padding,)
    if min(*flat, groups, c_out, *in_shape) < 1 or min(pads) < 0:
        raise ValueError("an argument is out of range")
    if in_shape[0] % groups or c_out % groups:
        raise ValueError("groups must divide the channels")
    layer = torch.nn.Conv2d(in_shape[0], c_out, kernel_size, stride, padding, dilation, groups, device="meta")
    try:
        result = layer(torch.empty(1, *in_shape, device="meta"))
    except RuntimeError as error:
        raise ValueError("no window fits") from error
    return result.numel() * layer.weight[0].numel()
""",
)
