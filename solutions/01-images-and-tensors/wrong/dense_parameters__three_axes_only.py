"""You assumed exactly three axes; a flat vector or a clip of pictures has fewer or more."""


def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    if len(in_shape) == 0 or any(n < 1 for n in (*in_shape, units)):
        raise ValueError("every number is at least 1")
    if len(in_shape) != 3:
        raise ValueError("expected (C, H, W)")
    channels, height, width = in_shape
    return (channels * height * width + 1) * units
