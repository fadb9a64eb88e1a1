"""Multiply Fourier transforms, in float64 inside, and cut out the part without wrap-around."""

import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    if h < 1 or w < 1:
        raise ValueError("the kernel does not fit")
    spectrum = torch.fft.rfft2(x.double()) * torch.fft.rfft2(k.double(), s=x.shape).conj()
    return torch.fft.irfft2(spectrum, s=x.shape)[:h, :w].to(x.dtype)
