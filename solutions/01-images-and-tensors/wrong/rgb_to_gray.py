"""Known mistakes of `rgb_to_gray`."""

mistake(
    "bgr",
    "You gave the weight of red to blue and the other way round, as in OpenCV's order blue, green, red.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    blue, green, red = x.unbind(-3)
    return (0.299 * red + 0.587 * green + 0.114 * blue).unsqueeze(-3)
""",
)

mistake(
    "bt709",
    "You took the weights of BT.709 (0.2126, 0.7152, 0.0722), the standard of HDTV; this task asks for BT.601.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    red, green, blue = x.unbind(-3)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue).unsqueeze(-3)
""",
)

mistake(
    "detaches",
    "You went through numpy with .detach(), so no gradient flows back to the picture.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    array = x.detach().cpu().numpy()
    gray = 0.299 * array[..., 0:1, :, :] + 0.587 * array[..., 1:2, :, :] + 0.114 * array[..., 2:3, :, :]
    return torch.from_numpy(gray).to(x.device)
""",
)

mistake(
    "drops_the_axis",
    "You summed the axis of the channels away; a gray picture has one channel, so the axis stays with length 1.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    red, green, blue = x.unbind(-3)
    return 0.299 * red + 0.587 * green + 0.114 * blue
""",
)

mistake(
    "first_axis",
    "You took the first axis for the channels; in a batch that axis counts pictures.",
    answer='''
import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device)
    axis = 0 if x.shape[0] == 3 else -3
    red, green, blue = x.unbind(axis)
    return (weights[0] * red + weights[1] * green + weights[2] * blue).unsqueeze(axis)
''',
)

mistake(
    "float32_result",
    "You converted to float32 on the way, so a float64 picture comes back as float32.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    weights = torch.tensor([0.299, 0.587, 0.114], device=x.device)
    return (x.float() * weights[:, None, None]).sum(-3, keepdim=True)
""",
)

mistake(
    "float32_weights",
    "You made the weights as a float32 tensor, so a float64 picture is multiplied by numbers that are "
    "right to seven digits only; give dtype=x.dtype.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    weights = torch.tensor([0.299, 0.587, 0.114], device=x.device)
    return (x * weights[:, None, None]).sum(-3, keepdim=True)
""",
)

mistake(
    "mean",
    "You took the mean of the three channels, as if the eye saw blue as bright as green.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="    return x.mean(dim=-3, keepdim=True)",
)

mistake(
    "multiplies_in_place",
    "You multiplied with *=, which changes the caller's picture.",
    answer='''
import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device)
    x = x.clone() if x.requires_grad else x
    x *= weights[:, None, None]
    return x.sum(-3, keepdim=True)
''',
)

mistake(
    "needs_a_batch",
    "You took axis 1 for the channels, which holds for a batch only; a single picture has them on axis 0, "
    "and axis -3 is right for both.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="    return 0.299 * x[:, 0:1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:3]",
)

mistake(
    "needs_contiguous",
    "You flattened with view, which fails on a picture that is itself a view; reshape copies where it must.",
    answer='''
import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device)
    height, width = x.shape[-2:]
    gray = weights @ x.view(*x.shape[:-2], height * width)
    return gray.reshape(*x.shape[:-3], 1, height, width)
''',
)

mistake(
    "never_refuses",
    "You never look at the number of channels, so a picture with four of them, or with the channels last, "
    "gives a wrong answer without a word.",
    answer='''
import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    red, green, blue = x[..., 0:1, :, :], x[..., 1:2, :, :], x[..., 2:3, :, :]
    return 0.299 * red + 0.587 * green + 0.114 * blue
''',
)

mistake(
    "rounded_weights",
    "You took the rounded weights of torchvision (0.2989, 0.587, 0.114), which do not sum to 1; those of "
    "the standard are 0.299, 0.587 and 0.114.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    red, green, blue = x.unbind(-3)
    return (0.2989 * red + 0.587 * green + 0.114 * blue).unsqueeze(-3)
""",
)

mistake(
    "slip_of_a_digit",
    "Your weights do not sum to 1 (blue has 0.114), so white does not stay white.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    red, green, blue = x.unbind(-3)
    return (0.299 * red + 0.587 * green + 0.144 * blue).unsqueeze(-3)
""",
)

mistake(
    "three_gray_channels",
    "You returned the gray value three times, once for each channel; one channel is enough.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    red, green, blue = x.unbind(-3)
    gray = 0.299 * red + 0.587 * green + 0.114 * blue
    return torch.stack([gray, gray, gray], dim=-3)
""",
)

mistake(
    "spoils_its_argument",
    "You emptied the picture after its numbers were used; the caller's tensor stays as it is.",
    old="    return (x * weights).sum(dim=-3, keepdim=True)",
    new="""
    gray = (x * weights).sum(dim=-3, keepdim=True)
    x.detach().zero_()
    return gray
""",
)

mistake(
    "any_multiple_of_three",
    "You accept six channels, two pictures one behind the other; there have to be exactly three.",
    old=[
        "x.shape[-3] != 3:",
        "    return (x * weights).sum(dim=-3, keepdim=True)",
    ],
    new=[
        "x.shape[-3] % 3:",
        """
    groups = x.unflatten(-3, (-1, 3)) if x.shape[-3] > 3 else x
    return (groups * weights).sum(dim=-3, keepdim=True)
""",
    ],
)

mistake(
    "accepts_alpha",
    "You took the first three of four channels; there have to be exactly three.",
    old=[
        "x.shape[-3] != 3:",
        "    return (x * weights).sum(dim=-3, keepdim=True)",
    ],
    new=[
        "x.shape[-3] < 3:",
        "    return (x[..., :3, :, :] * weights).sum(dim=-3, keepdim=True)",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the cell of the chapter: it sums over the first axis of one picture and drops it, "
    "and its weights are always float32.",
    answer="""
import torch


def rgb_to_gray(x):
    weights = torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (weights * x).sum(0)
""",
)

equivalent(
    "weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1) -> "
    "weights = x.new_tensor([0.299, 0.587, 0.114]).view(3, 1, 1)",
    "A new tensor is in order in memory.",
)
