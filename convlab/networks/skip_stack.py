"""Stack 3 × 3 convolutions in one flat list, with or without skip connections: the two differ in an addition only.

The sizes are those of He et al. (2016), section 4.2: three stages of 2n convolutions, each stage at half the resolution
and twice the channels of the one before. A *pair* is two neighbouring convolutions; each pair has one skip.
"""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor, nn

__all__ = ["SkipStack"]


class SkipStack(nn.Module):
    """Run 6n + 1 convolutions and a dense layer; with ``skips``, add its input to the output of each pair.

    ``without`` of :meth:`forward` names pairs to leave out: what came in goes on as it is, which
    needs a pair that keeps its size (see :attr:`bypassable`).
    """

    def __init__(self, n: int, width: int, skips: bool, classes: int = 10) -> None:
        super().__init__()
        self.skips = skips
        widths = [width] + [width << stage for stage in range(3) for _ in range(2 * n)]
        self.steps = [1] + [2 if stage and not i else 1 for stage in range(3) for i in range(2 * n)]
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for c_in, c_out, step in zip([3, *widths], widths, self.steps, strict=False):
            conv = nn.Conv2d(c_in, c_out, 3, step, 1, bias=False)
            nn.init.kaiming_normal_(conv.weight)
            self.convs.append(conv)
            self.norms.append(nn.BatchNorm2d(c_out))
        self.head = nn.Linear(widths[-1], classes)

    @property
    def bypassable(self) -> list[int]:
        """Return the pairs whose output has the size of their input."""
        return [pair for pair, step in enumerate(self.steps[1::2]) if step == 1]

    def forward(self, x: Tensor, without: Collection[int] = ()) -> Tensor:
        """Return logits (N, classes) of pictures (N, 3, H, W)."""
        h = torch.relu(self.norms[0](self.convs[0](x)))
        for pair in range(len(self.convs) // 2):
            if pair in without:
                continue
            one, two = 2 * pair + 1, 2 * pair + 2
            new = self.norms[two](self.convs[two](torch.relu(self.norms[one](self.convs[one](h)))))
            h = torch.relu(_plus(new, h[:, :, :: self.steps[one], :: self.steps[one]]) if self.skips else new)
        return self.head(h.mean((2, 3)))  # type: ignore[no-any-return]


def _plus(new: Tensor, old: Tensor) -> Tensor:
    """Add ``old`` to the middle channels of ``new``: the shortcut without parameters."""
    extra = new.shape[1] - old.shape[1]
    if not extra:
        return new + old
    first, last = extra // 2, extra // 2 + old.shape[1]
    return torch.cat([new[:, :first], new[:, first:last] + old, new[:, last:]], 1)
