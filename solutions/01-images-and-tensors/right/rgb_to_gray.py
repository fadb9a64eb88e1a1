"""Right answers, written differently, for `rgb_to_gray`."""

right(
    "einsum",
    "Sum over the axis of the channels with einsum.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    weights = torch.tensor([[0.299, 0.587, 0.114]], dtype=x.dtype, device=x.device)
    return torch.einsum("gc,...chw->...ghw", weights, x)
""",
)

right(
    "matrix_product",
    "Move the channels to the end, and multiply by a column of weights.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64, device=x.device).to(x.dtype)
    return (x.movedim(-3, -1) @ weights[:, None]).movedim(-1, -3)
""",
)

right(
    "one_by_one_convolution",
    "Gray is a convolution with one filter of 1 × 1.",
    answer='''
import torch


def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError("expected three channels on the third axis from the end")
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=x.dtype, device=x.device).reshape(1, 3, 1, 1)
    pictures = x.reshape(-1, 3, *x.shape[-2:]) if x.numel() else x.new_empty(0, 3, *x.shape[-2:])
    gray = torch.nn.functional.conv2d(pictures, weights)
    return gray.reshape(*x.shape[:-3], 1, *x.shape[-2:])
''',
)

right(
    "unbind",
    "Take the channels apart and add them with their weights.",
    old="""
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
""",
    new="""
    red, green, blue = x.unbind(-3)
    return torch.add(0.299 * red + 0.587 * green, blue, alpha=0.114).unsqueeze(-3)
""",
)
