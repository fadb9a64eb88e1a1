"""Known mistakes of `Dropout`."""

mistake(
    "always_drops",
    "You drop after eval(), too; look at self.training.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "detaches",
    "You worked on x.detach(), so no gradient finds its way back.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x.detach() * mask / (1 - self.p)
""",
    ],
)

mistake(
    "divides_by_p",
    "You divide by p in place of 1 − p, which is the same for one half alone.",
    answer="""
import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p is a probability")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 0:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask / self.p
""",
)

mistake(
    "exact_count",
    "You drop exactly the first share of each tensor’s numbers and not a random choice.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = torch.arange(x.numel(), device=x.device).reshape(x.shape) >= self.p * x.numel()
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "float32",
    "You make the mask in float32 and the result with it, so float64 loses its dtype.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand(x.shape, device=x.device) > self.p).float()
        return x.float() * mask / (1 - self.p)
""",
    ],
)

mistake(
    "in_place",
    "You set numbers to 0 in x itself, so the caller’s numbers are lost.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = torch.rand_like(x) <= self.p
        x[mask] = 0
        return x / (1 - self.p)
""",
    ],
)

mistake(
    "inherits",
    "You only gave torch’s own layer another name; this task is to write it.",
    answer="""
import torch


class Dropout(torch.nn.Dropout):
    pass
""",
)

mistake(
    "keeps_with_p",
    "You keep a number with probability p, but p is the probability to be dropped.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) < self.p).to(x.dtype)
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "nan_at_one",
    "You divide by 1 − p, which is 0 for p = 1, and 0 divided by 0 is nan.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "never_refuses",
    "You accept a p that is no probability.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        """
        if not 0 <= p <= 1:
            raise ValueError("p is a probability")

""",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "no_scaling",
    "You do not divide what stays by 1 − p, so the sum is smaller in training than after it.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask
""",
    ],
)

mistake(
    "one_mask_for_ever",
    "You draw the mask once, when the layer is first used, but it must be drawn anew in every call.",
    answer="""
import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p is a probability")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        if getattr(self, "mask", None) is None or self.mask.shape != x.shape:
            self.mask = torch.rand_like(x) > self.p
        mask = self.mask.to(x.dtype)
        return x * mask / (1 - self.p)
""",
)

mistake(
    "one_mask_for_the_batch",
    "You draw one mask for the whole batch, but each picture needs its own.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x[:1]) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "ready_made",
    "You called torch’s own dropout; this task is to write it.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        "        return torch.nn.functional.dropout(x, self.p, self.training)",
    ],
)

mistake(
    "ready_made_inside",
    "You keep torch’s own dropout layer inside of yours; this task is to write it.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        "        self.p = p",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        self.p = p
        self.inner = torch.nn.Dropout(p)
""",
        "        return self.inner(x)",
    ],
)

mistake(
    "refuses_one",
    "You refuse p = 1, but that is a probability, too.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p >= 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask / (1 - self.p)
""",
    ],
)

mistake(
    "scales_in_eval",
    "You drop in training and multiply by 1 − p afterwards, but what stays is to be scaled in training.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x * (1 - self.p)
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        return x * mask
""",
    ],
)

mistake(
    "straight_through",
    "You pass the gradient on as if nothing had been dropped.",
    old=[
        '''
    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""

''',
        "if not 0 <= p <= 1:",
        """
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(stays, x, 0) / max(1 - self.p, 1e-9)
""",
    ],
    new=[
        '    """Set numbers to 0 with probability ``p`` in training, and scale the others by 1 / (1 − p)."""',
        "if p < 0 or p > 1:",
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (torch.rand_like(x) > self.p).to(x.dtype)
        dropped = x.detach() * mask / (1 - self.p)
        return dropped + x - x.detach()
""",
    ],
)

mistake(
    "whole_channels",
    "You drop whole channels; here each number is dropped on its own.",
    answer="""
import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p is a probability")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        mask = (
            torch.rand_like(x.flatten(2)[:, :, 0] if x.ndim > 2 else x).reshape(*x.shape[:2], *[1] * (x.ndim - 2))
            > self.p
        ).to(x.dtype)
        return x * mask / (1 - self.p)
""",
)

mistake(
    "rate_on_the_class",
    "You keep p on the class, so that a new layer changes the rate of all others.",
    old="self.p = p",
    new="type(self).p = p",
)

mistake(
    "generator_of_numpy",
    "You draw with numpy, so that torch.manual_seed does not make the numbers repeatable.",
    old="stays = torch.rand(x.shape, device=x.device) >= self.p",
    new="stays = torch.as_tensor(__import__('numpy').random.random(x.shape), device=x.device) >= self.p",
)

mistake(
    "exact_number",
    "You drop exactly the share p of the numbers, at random places; each number is to be dropped on its own.",
    old="stays = torch.rand(x.shape, device=x.device) >= self.p",
    new="stays = (torch.randperm(x.numel(), device=x.device) >= round(self.p * x.numel())).view(x.shape)",
)

mistake(
    "seeds_itself",
    "You set the seed when the layer is made, so that every new layer drops the same numbers.",
    old="self.p = p",
    new="self.p = p\n        torch.manual_seed(0)",
)

mistake(
    "zero_by_division",
    "You make the zeros as 0 divided by x, which is nan where x is 0.",
    old="torch.where(stays, x, 0)",
    new="torch.where(stays, x, 0 / x)",
)

mistake(
    "mask_from_the_values",
    "You multiply by a mask that you divided by x, and 0 divided by 0 is nan.",
    old="torch.where(stays, x, 0)",
    new="x * (x * stays / x)",
)

mistake(
    "zero_rate_refused",
    "You refuse p = 0 or p = 1, but both are allowed.",
    old="if not 0 <= p <= 1:",
    new="if not 0 < p <= 1:",
)

mistake(
    "shape_in_float32",
    "You make the result in float32 unless x is float64.",
    old="return torch.where(stays, x, 0)",
    new="return torch.where(stays, x, torch.zeros(x.shape))",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the function of the chapter, which drops after eval(), too, and divides by 0 when p is 1.",
    answer="""
import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        keep = (torch.rand(x.shape) > self.p).float()
        return keep * x / (1 - self.p)
""",
)

equivalent(
    "if not self.training or self.p == 0: -> if not self.training:",
    "torch.rand is never below 0, so that p = 0 drops nothing and divides by 1.",
)

equivalent(
    "if not self.training or self.p == 0: -> if not self.training or self.p == -1:",
    "torch.rand is never below 0, so that p = 0 drops nothing and divides by 1.",
)

equivalent(
    "stays = torch.rand(x.shape, device=x.device) >= self.p -> stays = torch.rand(x.shape, device=x.device) > self.p",
    "It differs only where a random number is exactly p; for p = 0 the layer returns x before it draws.",
)

equivalent(
    "size_of_constant",
    "The constant matters for p = 1 alone, where all is 0, and for a p that is closer to 1 than a millionth.",
)

equivalent(
    "stays = torch.rand(x.shape, device=x.device) >= self.p -> stays = torch.rand(x.shape) >= self.p",
    "It is the same on the CPU. On another device (CONVLAB_DEVICE) every check in training fails it.",
)
