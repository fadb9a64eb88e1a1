"""Follow one output, and its neighbour, back from the last layer to the input."""


def receptive_field(layers):
    for kernel_size, stride, padding, *dilation in layers:
        if kernel_size < 1 or stride < 1 or padding < 0 or min(dilation, default=1) < 1:
            raise ValueError("a layer makes no sense")

    def field(output):
        first = last = output
        for kernel_size, stride, padding, *dilation in reversed(layers):
            first = first * stride - padding
            last = last * stride - padding + (kernel_size - 1) * (dilation[0] if dilation else 1)
        return first, last

    (first, last), (following, _) = field(0), field(1)
    return last - first + 1, following - first, (first + last) / 2
