"""The 1 × 1 convolutions are matrix products over the channels."""

import torch


def mix(x, weight, stride=1):
    return torch.einsum("oc,nchw->nohw", weight[:, :, 0, 0], x[:, :, ::stride, ::stride])


class Bottleneck(torch.nn.Module):
    def __init__(self, c_in, c_mid, stride=1, shortcut="B"):
        super().__init__()
        conv, norm = torch.nn.Conv2d, torch.nn.BatchNorm2d
        self.conv1, self.bn1 = conv(c_in, c_mid, 1, bias=False), norm(c_mid)
        self.conv2, self.bn2 = conv(c_mid, c_mid, 3, stride, 1, bias=False), norm(c_mid)
        self.conv3, self.bn3 = conv(c_mid, 4 * c_mid, 1, bias=False), norm(4 * c_mid)
        self.stride, self.extra = stride, 4 * c_mid - c_in
        fits = stride == 1 and self.extra == 0
        if shortcut == "B":
            self.downsample = (
                None if fits else torch.nn.Sequential(conv(c_in, 4 * c_mid, 1, bias=False), norm(4 * c_mid))
            )
        elif shortcut == "A" and self.extra >= 0:
            self.downsample = None
        else:
            raise ValueError("bad shortcut")

    def forward(self, x):
        h = self.bn1(mix(x, self.conv1.weight)).relu()
        h = self.bn2(self.conv2(h)).relu()
        h = self.bn3(mix(h, self.conv3.weight))
        if self.downsample is None:
            s = torch.zeros_like(h)
            begin = self.extra // 2
            s[:, begin : begin + x.shape[1]] = x[:, :, :: self.stride, :: self.stride]
        else:
            s = self.downsample[1](mix(x, self.downsample[0].weight, self.stride))
        return (h + s).relu()
