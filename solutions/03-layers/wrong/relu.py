"""Known mistakes of `relu`."""

mistake(
    "clips_at_one",
    "You also cut at 1, but a rectifier has no upper end.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return torch.where(x <= 0, torch.zeros_like(x), x.minimum(torch.ones_like(x)))",
)

mistake(
    "drops_elements",
    "You select the positive numbers, which loses the places of the others and with them the shape.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return x[x > 0]",
)

mistake(
    "half_a_gradient",
    "You use torch.maximum, which gives each of two equal numbers half of the gradient, so that 0 gets a half.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return torch.maximum(x, torch.zeros_like(x))",
)

mistake(
    "hides_nan",
    "You keep what is above 0 and set all else to 0, and that hides a nan, which is neither.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return torch.where(x > 0, x, torch.zeros_like(x))",
)

mistake(
    "in_place",
    "You write the zeros into x itself, so the caller’s numbers are lost.",
    answer="""
def relu(x):
    x[x < 0] = 0
    return x
""",
)

mistake(
    "leaky",
    "You let a small part of the negative numbers through; that is the leaky rectifier.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return torch.where(x > 0, x, 0.01 * x)",
)

mistake(
    "magnitude",
    "You take the magnitude: negative numbers must become 0, not positive.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return x.abs()",
)

mistake(
    "numpy",
    "You go through numpy, where autograd cannot follow, so there is no gradient.",
    answer="""
import numpy as np
import torch


def relu(x):
    numbers = x.detach().cpu().numpy()
    return torch.as_tensor(np.maximum(numbers, 0), dtype=x.dtype, device=x.device)
""",
)

mistake(
    "ready_made",
    "You called torch’s own rectifier; this task is to write it.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return torch.nn.functional.relu(x)",
)

mistake(
    "ready_made_method",
    "You called the method relu of the tensor; this task is to write it.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return x.relu()",
)

mistake(
    "ready_made_module",
    "You called torch’s own rectifier, as a module; this task is to write it.",
    answer="""
import torch


def relu(x):
    layer = torch.nn.ReLU()
    return layer(x)
""",
)

mistake(
    "times_mask",
    "You multiply by a mask of zeros and ones, but minus infinity times 0 is nan.",
    old="return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="return x * (x > 0)",
)

mistake(
    "zeros_of_float32",
    "You made zeros of the default dtype, so that a float16 or bfloat16 x comes back as float32.",
    old="torch.zeros_like(x)",
    new="torch.zeros(x.shape)",
)

mistake(
    "returns_x_itself",
    "You return x itself where nothing is negative, but the result is a new tensor.",
    old="    return torch.where(x <= 0, torch.zeros_like(x), x)",
    new="    return x if bool((x > 0).all()) else torch.where(x <= 0, torch.zeros_like(x), x)",
)
