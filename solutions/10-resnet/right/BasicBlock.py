"""Right answers, written differently, for `BasicBlock`."""

right(
    "functional",
    "The branch is an ordered list of parts; the shortcut is cut with index_select.",
    answer="""
import torch


class BasicBlock(torch.nn.Module):
    def __init__(self, c_in, c_out, stride=1, shortcut="B"):
        super().__init__()
        match shortcut:
            case "A" if c_out < c_in:
                raise ValueError("A cannot take channels away")
            case "A" | "B":
                pass
            case _:
                raise ValueError("A or B")
        self.stride, self.c_out = stride, c_out
        for number, c in ((1, c_in), (2, c_out)):
            step = stride if number == 1 else 1
            setattr(self, f"conv{number}", torch.nn.Conv2d(c, c_out, 3, step, 1, bias=False))
            setattr(self, f"bn{number}", torch.nn.BatchNorm2d(c_out))
        self.kind = "same" if stride == 1 and c_in == c_out else shortcut
        if self.kind == "B":
            self.downsample = torch.nn.ModuleList(
                [torch.nn.Conv2d(c_in, c_out, 1, stride, bias=False), torch.nn.BatchNorm2d(c_out)]
            )

    def around(self, x):
        if self.kind == "same":
            return x
        if self.kind == "B":
            for part in self.downsample:
                x = part(x)
            return x
        for axis in (2, 3):
            picked = torch.arange(0, x.shape[axis], self.stride, device=x.device)
            x = x.index_select(axis, picked)
        extra = self.c_out - x.shape[1]
        front = x.new_zeros(x.shape[0], extra // 2, *x.shape[2:])
        back = x.new_zeros(x.shape[0], extra - extra // 2, *x.shape[2:])
        return torch.cat([front, x, back], dim=1)

    def forward(self, x):
        h = x
        for number in (1, 2):
            h = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(h))
            if number == 2:
                h = h + self.around(x)
            h = h.clamp(min=0)
        return h
""",
)

right(
    "sequential_branch",
    "The shortcut is a module in every case: an identity, a lambda of its own, or a projection.",
    answer="""
from torch import nn
from torch.nn import functional as F


class Pad(nn.Module):
    def __init__(self, stride, zeros):
        super().__init__()
        self.stride, self.zeros = stride, zeros

    def forward(self, x):
        small = F.max_pool2d(x, 1, self.stride)
        n, c, h, w = small.shape
        out = small.new_zeros(n, c + self.zeros, h, w)
        out[:, self.zeros // 2 : self.zeros // 2 + c] = small
        return out


class BasicBlock(nn.Module):
    def __init__(self, c_in, c_out, stride=1, shortcut="B"):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(c_out, c_out, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        if stride == 1 and c_in == c_out and shortcut in ("A", "B"):
            self.downsample = nn.Identity()
        elif shortcut == "A" and c_out >= c_in:
            self.downsample = Pad(stride, c_out - c_in)
        elif shortcut == "B":
            self.downsample = nn.Sequential(
                nn.Conv2d(c_in, c_out, kernel_size=1, stride=stride, bias=False), nn.BatchNorm2d(c_out)
            )
        else:
            raise ValueError(f"no shortcut {shortcut!r} from {c_in} to {c_out} channels")

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.downsample(x)
        return self.relu(out)
""",
)
