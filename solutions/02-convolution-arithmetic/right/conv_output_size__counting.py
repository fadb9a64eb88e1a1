"""Count the windows one by one."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    arguments = [n, kernel_size, stride, padding, dilation]
    if any(type(value) is tuple for value in arguments):
        pairs = [value if type(value) is tuple else (value, value) for value in arguments]
        return tuple(conv_output_size(*along) for along in zip(*pairs, strict=True))
    if n < 1 or kernel_size < 1 or stride < 1 or padding < 0 or dilation < 1:
        raise ValueError("this setting makes no sense")
    count, first = 0, -padding
    while first + dilation * (kernel_size - 1) < n + padding:
        count, first = count + 1, first + stride
    if count == 0:
        raise ValueError("no window fits")
    return count
