"""Right answers, written differently, for `resnet`."""

right(
    "classes",
    "A class for each block and one for the network, as most people write it.",
    answer="""
import torch
from torch import nn


def conv_norm(c_in, c_out, k, stride=1):
    return nn.Conv2d(c_in, c_out, k, stride, k // 2, bias=False), nn.BatchNorm2d(c_out)


class Basic(nn.Module):
    growth = 1

    def __init__(self, c_in, c, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(c_in, c, 3, stride)
        self.conv2, self.bn2 = conv_norm(c, c, 3)
        self.downsample = nn.Sequential(*conv_norm(c_in, c, 1, stride)) if stride > 1 or c_in != c else None

    def forward(self, x):
        old = x if self.downsample is None else self.downsample(x)
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) + old)


class Neck(nn.Module):
    growth = 4

    def __init__(self, c_in, c, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(c_in, c, 1)
        self.conv2, self.bn2 = conv_norm(c, c, 3, stride)
        self.conv3, self.bn3 = conv_norm(c, 4 * c, 1)
        self.downsample = nn.Sequential(*conv_norm(c_in, 4 * c, 1, stride)) if stride > 1 or c_in != 4 * c else None

    def forward(self, x):
        old = x if self.downsample is None else self.downsample(x)
        h = torch.relu(self.bn1(self.conv1(x)))
        h = torch.relu(self.bn2(self.conv2(h)))
        return torch.relu(self.bn3(self.conv3(h)) + old)


class Net(nn.Module):
    def __init__(self, block, repeats, num_classes):
        super().__init__()
        self.conv1, self.bn1 = conv_norm(3, 64, 7, 2)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        c_in = 64
        for number, (c, count) in enumerate(zip((64, 128, 256, 512), repeats, strict=True), 1):
            blocks = []
            for i in range(count):
                blocks.append(block(c_in, c, 2 if number > 1 and i == 0 else 1))
                c_in = c * block.growth
            setattr(self, f"layer{number}", nn.Sequential(*blocks))
        self.fc = nn.Linear(c_in, num_classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean((2, 3)))


def resnet(depth, num_classes=1000):
    kinds = {
        18: (Basic, (2, 2, 2, 2)),
        34: (Basic, (3, 4, 6, 3)),
        50: (Neck, (3, 4, 6, 3)),
        101: (Neck, (3, 4, 23, 3)),
        152: (Neck, (3, 8, 36, 3)),
    }
    try:
        block, repeats = kinds[depth]
    except KeyError:
        raise ValueError(f"depth {depth}") from None
    return Net(block, repeats, num_classes)
""",
)

right(
    "table_of_names",
    "No block class: modules by name in one flat dictionary, and a forward that walks through the names.",
    answer='''
from torch import nn


class Holder(nn.Module):
    """A module that only holds others."""


class Walk(nn.Module):
    def __init__(self, repeats, neck, num_classes):
        super().__init__()
        self.plan = []
        self.put("conv1", nn.Conv2d(3, 64, 7, 2, 3, bias=False))
        self.put("bn1", nn.BatchNorm2d(64))
        c = 64
        for stage, count in enumerate(repeats):
            width = 64 * 2**stage
            for i in range(count):
                step = 2 if i == 0 and stage > 0 else 1
                at = f"layer{stage + 1}.{i}"
                kernels = (1, 3, 1) if neck else (3, 3)
                end = width * (4 if neck else 1)
                widths = [c, *[width] * (len(kernels) - 1), end]
                for k, kernel in enumerate(kernels):
                    here = step if k == len(kernels) - 2 else 1
                    conv = nn.Conv2d(widths[k], widths[k + 1], kernel, here, kernel // 2, bias=False)
                    self.put(f"{at}.conv{k + 1}", conv)
                    self.put(f"{at}.bn{k + 1}", nn.BatchNorm2d(widths[k + 1]))
                if step == 2 or c != end:
                    self.put(f"{at}.downsample.0", nn.Conv2d(c, end, 1, step, bias=False))
                    self.put(f"{at}.downsample.1", nn.BatchNorm2d(end))
                self.plan.append((at, len(kernels), step == 2 or c != end))
                c = end
        self.put("fc", nn.Linear(c, num_classes))

    def put(self, name, module):
        *path, last = name.split(".")
        place = self
        for part in path:
            if part not in dict(place.named_children()):
                place.add_module(part, Holder())
            place = place.get_submodule(part)
        place.add_module(last, module)

    def forward(self, x):
        run = self.get_submodule
        x = run("bn1")(run("conv1")(x)).relu()
        x = nn.functional.max_pool2d(x, 3, 2, 1)
        for at, count, projects in self.plan:
            old = run(f"{at}.downsample.1")(run(f"{at}.downsample.0")(x)) if projects else x
            for k in range(1, count + 1):
                x = run(f"{at}.bn{k}")(run(f"{at}.conv{k}")(x))
                x = (x + old if k == count else x).relu()
        return run("fc")(x.flatten(2).mean(2))


def resnet(depth, num_classes=1000):
    thirds = {18: 2, 34: 6, 50: 6, 101: 23, 152: 36}
    if depth not in thirds:
        raise ValueError("18, 34, 50, 101 or 152")
    first = 2 if depth == 18 else 3
    second = {18: 2, 152: 8}.get(depth, 4)
    return Walk((first, second, thirds[depth], first), depth > 34, num_classes)
''',
)
