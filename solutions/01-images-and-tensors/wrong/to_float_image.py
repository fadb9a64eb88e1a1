"""Known mistakes of `to_float_image`."""

mistake(
    "adds_an_axis_in_place",
    "You added the axis with unsqueeze_, which changes the caller's own tensor; unsqueeze without _ makes a new one.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    if u8.ndim == 2:
        u8.unsqueeze_(-1)
    return u8.permute(2, 0, 1).float() / 255
""",
)

mistake(
    "divides_by_256",
    "You divided by 256, the number of different bytes; the largest byte is 255, and it must become 1.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    x = u8[None] if u8.ndim == 2 else u8.permute(2, 0, 1)
    return x.float() / 256
""",
)

mistake(
    "drops_alpha",
    "You kept the first three channels only; a picture may have more, such as transparency.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    if u8.ndim == 2:
        u8 = u8[:, :, None]
    return u8[:, :, :3].permute(2, 0, 1).float() / 255
""",
)

mistake(
    "float64",
    "You converted with double() (or through numpy, whose floats are float64); networks compute in float32.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    x = u8[None] if u8.ndim == 2 else u8.permute(2, 0, 1)
    return x.double() / 255
""",
)

mistake(
    "forgets_gray",
    "You left a gray picture as (H, W); it has one channel, so it needs an axis of length 1 in front.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    if u8.ndim == 3:
        u8 = u8.permute(2, 0, 1)
    return u8.float() / 255
""",
)

mistake(
    "gray_as_rgb",
    "You copied the gray picture into three channels; it has one, and the result is (1, H, W).",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    if u8.ndim == 2:
        u8 = torch.stack([u8, u8, u8], dim=-1)
    return u8.permute(2, 0, 1).float() / 255
""",
)

mistake(
    "height_and_width_swapped",
    "You reversed the order of all three axes, so height and width are swapped too.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    if u8.ndim == 2:
        u8 = u8.unsqueeze(-1)
    return u8.permute(2, 1, 0).float() / 255
""",
)

mistake(
    "integer_division",
    "You divided with //, which rounds down to whole numbers: all but full light becomes 0.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    x = u8[None] if u8.ndim == 2 else u8.permute(2, 0, 1)
    return (x // 255).float()
""",
)

mistake(
    "keeps_255",
    "You made floats of the bytes but did not divide, so the values still go up to 255.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    x = u8[None] if u8.ndim == 2 else u8.permute(2, 0, 1)
    return x.float()
""",
)

mistake(
    "needs_contiguous",
    "You flattened the picture with view, which fails on a picture that is itself a view; reshape copies "
    "where it must.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    height, width = u8.shape[:2]
    pixels = u8.view(height * width, -1)
    return pixels.T.reshape(-1, height, width).float() / 255
""",
)

mistake(
    "never_refuses",
    "You never look at the dtype, so a float picture is divided by 255 a second time without a word.",
    answer='''
import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.ndim == 2:
        u8 = u8[:, :, None]
    return u8.permute(2, 0, 1).float() / 255
''',
)

mistake(
    "own_maximum",
    "You divided by the brightest byte of this picture, so a dark picture becomes as bright as any other; "
    "divide by 255.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    x = u8.float()
    x = x[None] if x.ndim == 2 else x.permute(2, 0, 1)
    return x / x.max()
""",
)

mistake(
    "ready_made",
    "You called torchvision's conversion; this task is to write it.",
    answer='''
import torch
from torchvision.transforms.functional import to_tensor


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    return to_tensor(u8.cpu().numpy()).to(u8.device)
''',
)

mistake(
    "reshape",
    "You changed the shape with reshape (or view), which keeps the order in memory and so tears the "
    "pixels apart, where permute moves the axes.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    height, width = u8.shape[:2]
    return u8.reshape(-1, height, width).float() / 255
""",
)

mistake(
    "transposes_once",
    "You swapped the first axis with the last, which brings the channels to the front but puts the height "
    "behind the width.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    if u8.ndim == 2:
        return u8[None].float() / 255
    return u8.transpose(0, 2).float() / 255
""",
)

mistake(
    "default_dtype",
    "You divided the bytes and left the dtype to torch, which takes its default one; the statement asks for float32.",
    old="2, 0, 1).to(torch.float32) / 255",
    new="2, 0, 1) / 255",
)

mistake(
    "squeezes_a_batch",
    "You squeezed axes of length 1 away, so that a batch of one picture is taken for a picture.",
    old="    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):",
    new="""
    if u8.ndim == 4 and len(u8) == 1:
        u8 = u8[0]
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
""",
)

mistake(
    "accepts_int8",
    "You refuse floats only; a picture of another kind of integers is no picture of bytes either.",
    old="if u8.dtype != torch.uint8 or",
    new="if u8.dtype not in (torch.uint8, torch.int8, torch.bool) or",
)

mistake(
    "spoils_its_argument",
    "You emptied the picture after its numbers were used; the caller's tensor stays as it is.",
    old="    return channels_last.permute(2, 0, 1).to(torch.float32) / 255",
    new="""
    result = channels_last.permute(2, 0, 1).to(torch.float32) / 255
    u8.zero_()
    return result
""",
)

mistake(
    "squeezes_rows",
    "You squeezed the result, so that a picture of one row or one column loses an axis.",
    old="    return channels_last.permute(2, 0, 1).to(torch.float32) / 255",
    new="""
    result = (channels_last.permute(2, 0, 1).to(torch.float32) / 255).squeeze()
    return result if result.ndim == 3 else result.reshape(-1, *u8.shape[:2]) if u8.ndim == 2 else result
""",
)

mistake(
    "only_if_above_one",
    "You divide only when some byte is above 1; a very dark picture is divided by 255 like any other.",
    old="    return channels_last.permute(2, 0, 1).to(torch.float32) / 255",
    new="""
    x = channels_last.permute(2, 0, 1).to(torch.float32)
    return x / 255 if x.max() > 1 else x
""",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the line of the chapter: it moves the axes of a colour picture, but knows nothing of "
    "grey ones, of what is no picture of bytes, or of another default dtype.",
    answer="""
import torch


def to_float_image(u8):
    return u8.permute(2, 0, 1) / 255
""",
)
