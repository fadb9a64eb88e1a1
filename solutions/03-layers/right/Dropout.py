"""Right answers, written differently, for `Dropout`."""

right(
    "bernoulli",
    "Draw the mask with bernoulli_, and select with where.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if not 0.0 <= p <= 1.0:",
        """
        dropped = torch.empty(x.shape, dtype=torch.bool, device=x.device).bernoulli_(self.p)
        scale = 0.0 if self.p == 1 else 1 / (1 - self.p)
        return (x * scale).masked_fill(dropped, 0)
""",
    ],
)

right(
    "mask_of_factors",
    "Multiply by a tensor that holds 0 and 1 / (1 − p), and write the gradient by hand.",
    answer="""
import torch


class Scaled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factors):
        ctx.save_for_backward(factors)
        return x * factors

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0], None


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p > 1 or p < 0:
            raise ValueError("p must lie in [0, 1]")
        self.p = p

    def forward(self, x):
        if self.training is False:
            return x
        keep = 1 - self.p
        factors = torch.zeros_like(x)
        if keep > 0:
            factors[torch.rand(x.shape, device=x.device) < keep] = 1 / keep
        return Scaled.apply(x, factors)
""",
)

right(
    "keeps_a_float",
    "Keep p as a float, whatever number was given.",
    old="self.p = p",
    new="self.p = float(p)",
)
