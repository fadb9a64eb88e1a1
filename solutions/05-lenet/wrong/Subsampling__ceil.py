"""You kept a last row or column that does not fill a window."""

import torch


class Subsampling(torch.nn.Module):
    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sums of windows of 2 × 2, scaled and shifted by channel."""
        x = torch.nn.functional.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2))
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
        return sums * self.weight[:, None, None] + self.bias[:, None, None]
