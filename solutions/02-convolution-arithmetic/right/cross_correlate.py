"""Right answers, written differently, for `cross_correlate`."""

right(
    "einsum",
    "Cut the windows out as a view with Tensor.unfold, and let einsum sum.",
    answer="""
import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    if any(inner > outer for inner, outer in zip(k.shape, x.shape, strict=True)):
        raise ValueError("the kernel does not fit")
    windows = x.unfold(0, k.shape[0], 1).unfold(1, k.shape[1], 1)
    return torch.einsum("ijuv,uv->ij", windows, k)
""",
)

right(
    "fft",
    "Multiply Fourier transforms, in float64 inside, and cut out the part without wrap-around.",
    answer="""
import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    if h < 1 or w < 1:
        raise ValueError("the kernel does not fit")
    spectrum = torch.fft.rfft2(x.double()) * torch.fft.rfft2(k.double(), s=x.shape).conj()
    return torch.fft.irfft2(spectrum, s=x.shape)[:h, :w].to(x.dtype)
""",
)

right(
    "taps",
    "Loop over the taps of the kernel; each adds one shifted picture.",
    old="""
    height, width = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    if height < 1 or width < 1:
        raise ValueError(f"a kernel of {tuple(k.shape)} does not fit into {tuple(x.shape)}")
    out = x.new_empty(height, width)
    for i in range(height):
        for j in range(width):
            out[i, j] = (x[i : i + k.shape[0], j : j + k.shape[1]] * k).sum()
""",
    new="""
    (kh, kw), (h, w) = k.shape, x.shape
    if kh > h or kw > w:
        raise ValueError("the kernel does not fit into the picture")
    out = x.new_zeros(h - kh + 1, w - kw + 1)
    for u in range(kh):
        for v in range(kw):
            out = out + k[u, v] * x[u : u + out.shape[0], v : v + out.shape[1]]
""",
)
