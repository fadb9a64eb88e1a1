"""Take the last layer off, and ask for the field of the rest."""


def receptive_field(layers):
    if not layers:
        return 1, 1, 0.0
    *below, (kernel_size, stride, padding, *rest) = layers
    dilation = rest[0] if rest else 1
    if kernel_size < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError("out of range")
    size, jump, start = receptive_field(below)
    reach = (kernel_size - 1) * dilation
    return size + reach * jump, jump * stride, start + jump * (0.5 * reach - padding)
