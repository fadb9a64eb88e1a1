"""Right answers, written differently, for `to_float_image`."""

right(
    "einsum",
    "Name the axes, and multiply by a 1/255 for each channel.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    x = u8.to(torch.float64).reshape(*u8.shape[:2], -1)
    scale = torch.full((x.shape[2],), 1 / 255, dtype=x.dtype, device=x.device)
    return torch.einsum("hwc,c->chw", x, scale).float()
""",
)

right(
    "lookup",
    "Look every byte up in a table of 256 floats.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    table = torch.linspace(0, 1, 256, dtype=torch.float32, device=u8.device)
    x = table[u8.long()]
    return x.unsqueeze(0) if u8.ndim == 2 else x.movedim(-1, 0)
""",
)

right(
    "numpy",
    "Go through numpy, and pay attention to its float64.",
    answer='''
import numpy as np
import torch


def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError("expected bytes of (H, W, C) or (H, W)")
    array = u8.cpu().numpy()
    array = array[None] if array.ndim == 2 else np.transpose(array, (2, 0, 1))
    return torch.tensor(array.astype(np.float32) / np.float32(255), device=u8.device)
''',
)

right(
    "stacks_channels",
    "Divide each channel on its own, and stack them in front.",
    old="""
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
""",
    new="""
    channels = [u8] if u8.ndim == 2 else [u8[:, :, c] for c in range(u8.shape[2])]
    return torch.stack([channel.float() / 255 for channel in channels])
""",
)

right(
    "keywords",
    "Leave early for a gray picture, and name every argument.",
    answer="""
import torch


@torch.no_grad()
def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    if u8.dtype is not torch.uint8:
        raise ValueError("not bytes")
    if u8.dim() == 2:
        return torch.unsqueeze(u8, dim=0).type(torch.float32).div(255.0)
    if u8.dim() == 3:
        return torch.permute(u8, dims=(2, 0, 1)).contiguous().float() * (1.0 / 255.0)
    raise ValueError("not a picture")
""",
)
