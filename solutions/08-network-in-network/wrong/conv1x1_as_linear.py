"""Known mistakes of `conv1x1_as_linear`."""

mistake(
    "bias_along_pixels",
    "You added the bias along the pixels, where it fits only by chance; it belongs to the channels.",
    old="y = y + bias[:, None]",
    new="y = y + bias",
)

mistake(
    "detaches",
    "You copied the weights' numbers, so they get no gradient.",
    old="y = weight.flatten(1) @ x.flatten(2)",
    new="y = weight.detach().flatten(1) @ x.flatten(2)",
)

mistake(
    "float32",
    "You computed in float32 whatever came.",
    old="y = weight.flatten(1) @ x.flatten(2)",
    new="y = (weight.float().flatten(1) @ x.float().flatten(2)).to(x.dtype)",
)

mistake(
    "forgets_bias",
    "You forgot the bias.",
    old="y = y + bias[:, None]",
    new="y = y + 0 * bias[:, None]",
)

mistake(
    "in_place",
    "You wrote the result into the pictures where it fits.",
    old="    return y.reshape(n, weight.shape[0], height, width)",
    new="""
    y = y.reshape(n, weight.shape[0], height, width)
    return x.copy_(y) if y.shape == x.shape and not x.requires_grad else y
""",
)

mistake(
    "loop_over_pixels",
    "You go through the pixels in Python; one matrix product does them all.",
    old="""
    n, _, height, width = x.shape
    y = weight.flatten(1) @ x.flatten(2)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(n, weight.shape[0], height, width)
""",
    new="""
    lines = []
    for i in range(x.shape[2]):
        pixels = [torch.nn.functional.linear(x[:, :, i, j], weight[:, :, 0, 0], bias) for j in range(x.shape[3])]
        lines.append(torch.stack(pixels, 2))
    return torch.stack(lines, 2)
""",
)

mistake(
    "needs_bias",
    "You add the bias always, but it may be None.",
    old="""
    if bias is not None:
        y = y + bias[:, None]
""",
    new="    y = y + bias[:, None]",
)

mistake(
    "never_refuses",
    "You take weights of any kernel size and add up their cells.",
    old="""
    if weight.shape[1:] != (x.shape[1], 1, 1):
        raise ValueError(f"weights {tuple(weight.shape)} do not fit pictures of {x.shape[1]} channels")
""",
    new="    weight = weight.sum((2, 3)).expand(-1, x.shape[1])",
)

mistake(
    "ready_made",
    "You called torch's convolution; this task is to write it as a matrix product.",
    old="""
    n, _, height, width = x.shape
    y = weight.flatten(1) @ x.flatten(2)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(n, weight.shape[0], height, width)
""",
    new="    return torch.nn.functional.conv2d(x, weight, bias)",
)

mistake(
    "ready_made_without_bias",
    "You call torch's convolution where there is no bias.",
    old="    n, _, height, width = x.shape",
    new="""
    n, _, height, width = x.shape
    if bias is None:
        return torch.conv2d(x, weight)
""",
)

mistake(
    "refuses_channels_only",
    "You test the channels but not the kernel's size.",
    old=[
        "if weight.shape[1:] != (x.shape[1], 1, 1):",
        "y = weight.flatten(1) @ x.flatten(2)",
    ],
    new=[
        "if weight.shape[1] != x.shape[1]:",
        "y = weight[:, :, 0, 0] @ x.flatten(2)",
    ],
)

mistake(
    "scrambles_pixels",
    "You reshaped where you had to move axes, so pixels and channels mix.",
    old="""
    y = weight.flatten(1) @ x.flatten(2)
    if bias is not None:
        y = y + bias[:, None]
""",
    new="    y = torch.nn.functional.linear(x.movedim(1, -1), weight.flatten(1), bias)",
)

mistake(
    "swaps_sides",
    "You swapped height and width at the end.",
    old="return y.reshape(n, weight.shape[0], height, width)",
    new="return y.reshape(n, weight.shape[0], width, height)",
)

mistake(
    "transposed_weight",
    "You multiplied by the transposed matrix, which fits only where C_in is C_out.",
    old="y = weight.flatten(1) @ x.flatten(2)",
    new="y = (weight.flatten(1).T if x.shape[1] == len(weight) else weight.flatten(1)) @ x.flatten(2)",
)

mistake(
    "float32_result",
    "You made the result in float32 whatever came.",
    old="    return y.reshape",
    new="    return y.float().reshape",
)

mistake(
    "spoils_its_argument",
    "You set the pictures to 0 in place.",
    old="    n, _, height, width",
    new="    x.data.zero_()\n    n, _, height, width",
)

# Mutants that do the same

equivalent(
    "y = y + bias[:, None] -> y += bias[:, None]",
    "Nobody else holds the product.",
)

equivalent(
    "return y.reshape(n, weight.shape[0], height, width) -> return y.view(n, weight.shape[0], height, width)",
    "A matrix product lies in one piece.",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the product of the chapter: it is for one picture, not for a batch, and refuses nothing.",
    answer="""
import torch


def conv1x1_as_linear(x, weight, bias=None):
    matrix = weight[:, :, 0, 0]
    mixed = matrix @ x.flatten(1)
    if bias is not None:
        mixed = mixed + bias[:, None]
    return mixed.view(-1, x.shape[-2], x.shape[-1])
""",
)
