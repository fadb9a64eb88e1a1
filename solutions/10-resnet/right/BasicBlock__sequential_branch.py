"""The shortcut is a module in every case: an identity, a lambda of its own, or a projection."""

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
