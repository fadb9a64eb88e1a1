"""Right answers, written differently, for `GoogLeNet`."""

right(
    "classes",
    "Classes at the top, the modules written one by one in forward.",
    answer="""
import torch
from torch import nn
from torch.nn import functional as F


class Unit(nn.Module):
    def __init__(self, c_in, c_out, norm, kernel_size, **more):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, kernel_size, bias=not norm, **more)
        self.bn = nn.BatchNorm2d(c_out, eps=0.001) if norm else None

    def forward(self, x):
        x = self.conv(x)
        return F.relu(x if self.bn is None else self.bn(x))


class Module(nn.Module):
    def __init__(self, c_in, norm, c1, c2r, c2, c3r, c3, c4):
        super().__init__()
        large = 3 if norm else 5
        self.branch1 = Unit(c_in, c1, norm, 1)
        self.branch2 = nn.Sequential(Unit(c_in, c2r, norm, 1), Unit(c2r, c2, norm, 3, padding=1))
        self.branch3 = nn.Sequential(Unit(c_in, c3r, norm, 1), Unit(c3r, c3, norm, large, padding=large // 2))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), Unit(c_in, c4, norm, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class Side(nn.Module):
    def __init__(self, c_in, norm, num_classes):
        super().__init__()
        self.conv = Unit(c_in, 128, norm, 1)
        self.fc1, self.fc2 = nn.Linear(2048, 1024), nn.Linear(1024, num_classes)
        self.dropout = nn.Dropout(0.7)

    def forward(self, x):
        x = self.conv(F.adaptive_avg_pool2d(x, (4, 4))).flatten(1)
        return self.fc2(self.dropout(F.relu(self.fc1(x))))


class GoogLeNet(nn.Module):
    def __init__(self, num_classes=1000, aux=True, norm=False):
        super().__init__()
        self.conv1 = Unit(3, 64, norm, 7, stride=2, padding=3)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = Unit(64, 64, norm, 1)
        self.conv3 = Unit(64, 192, norm, 3, padding=1)
        self.inception3a = Module(192, norm, 64, 96, 128, 16, 32, 32)
        self.inception3b = Module(256, norm, 128, 128, 192, 32, 96, 64)
        self.inception4a = Module(480, norm, 192, 96, 208, 16, 48, 64)
        self.inception4b = Module(512, norm, 160, 112, 224, 24, 64, 64)
        self.inception4c = Module(512, norm, 128, 128, 256, 24, 64, 64)
        self.inception4d = Module(512, norm, 112, 144, 288, 32, 64, 64)
        self.inception4e = Module(528, norm, 256, 160, 320, 32, 128, 128)
        self.pool4 = nn.MaxPool2d(2 if norm else 3, 2, ceil_mode=True)
        self.inception5a = Module(832, norm, 256, 160, 320, 32, 128, 128)
        self.inception5b = Module(832, norm, 384, 192, 384, 48, 128, 128)
        self.aux = aux
        if aux:
            self.aux1, self.aux2 = Side(512, norm, num_classes), Side(528, norm, num_classes)
        self.dropout = nn.Dropout(0.2 if norm else 0.4)
        self.fc = nn.Linear(1024, num_classes)

    def forward(self, x):
        x = self.pool(self.conv1(x))
        x = self.pool(self.conv3(self.conv2(x)))
        x = self.pool(self.inception3b(self.inception3a(x)))
        x = self.inception4a(x)
        one = self.aux1(x) if self.aux and self.training else None
        x = self.inception4d(self.inception4c(self.inception4b(x)))
        two = self.aux2(x) if self.aux and self.training else None
        x = self.pool4(self.inception4e(x))
        x = self.inception5b(self.inception5a(x))
        x = self.fc(self.dropout(F.adaptive_avg_pool2d(x, 1).flatten(1)))
        return x if one is None else (x, one, two)
""",
)

right(
    "one_table",
    "The whole network from one text, walked through by name.",
    answer='''
import torch

TABLE = """3a 192 64 96 128 16 32 32
3b 256 128 128 192 32 96 64
4a 480 192 96 208 16 48 64
4b 512 160 112 224 24 64 64
4c 512 128 128 256 24 64 64
4d 512 112 144 288 32 64 64
4e 528 256 160 320 32 128 128
5a 832 256 160 320 32 128 128
5b 832 384 192 384 48 128 128"""


class Holder(torch.nn.Module):
    pass


class GoogLeNet(torch.nn.Module):
    def __init__(self, num_classes=1000, aux=True, norm=False):
        super().__init__()
        self.norm = norm
        self.put("conv1", 3, 64, 7)
        self.put("conv2", 64, 64, 1)
        self.put("conv3", 64, 192, 3)
        self.names = []
        for line in TABLE.splitlines():
            name, *numbers = line.split()
            c, c1, c2r, c2, c3r, c3, c4 = map(int, numbers)
            at = f"inception{name}"
            self.names.append(name)
            for branch, (a, b, k) in {
                "branch1": (c, c1, 1),
                "branch2.0": (c, c2r, 1),
                "branch2.1": (c2r, c2, 3),
                "branch3.0": (c, c3r, 1),
                "branch3.1": (c3r, c3, 3 if norm else 5),
                "branch4.1": (c, c4, 1),
            }.items():
                self.put(f"{at}.{branch}", a, b, k)
        self.sides = {"4a": "aux1", "4d": "aux2"} if aux else {}
        for name, side in self.sides.items():
            self.put(f"{side}.conv", 512 if name == "4a" else 528, 128, 1)
            holder = self.get_submodule(side)
            holder.fc1, holder.fc2 = torch.nn.Linear(2048, 1024), torch.nn.Linear(1024, num_classes)
            holder.dropout = torch.nn.Dropout(0.7)
        self.dropout = torch.nn.Dropout(0.2 if norm else 0.4)
        self.fc = torch.nn.Linear(1024, num_classes)

    def put(self, name, c_in, c_out, k):
        place = self
        for part in name.split("."):
            if part not in dict(place.named_children()):
                place.add_module(part, Holder())
            place = place.get_submodule(part)
        place.conv = torch.nn.Conv2d(c_in, c_out, k, 2 if k == 7 else 1, k // 2, bias=not self.norm)
        if self.norm:
            place.bn = torch.nn.BatchNorm2d(c_out, eps=0.001)

    def run(self, name, x):
        place = self.get_submodule(name)
        x = place.conv(x)
        return torch.relu(place.bn(x) if self.norm else x)

    def forward(self, x):
        def pool(x, k=3):
            return torch.nn.functional.max_pool2d(x, k, 2, ceil_mode=True)

        x = pool(self.run("conv1", x))
        x = pool(self.run("conv3", self.run("conv2", x)))
        said = []
        for name in self.names:
            if name in ("4a", "5a"):
                x = pool(x, 2 if self.norm and name == "5a" else 3)
            at = f"inception{name}."
            same = torch.nn.functional.max_pool2d(x, 3, 1, 1)
            branches = [self.run(f"{at}branch1", x)]
            branches += [self.run(f"{at}branch{n}.1", self.run(f"{at}branch{n}.0", x)) for n in (2, 3)]
            x = torch.cat([*branches, self.run(f"{at}branch4.1", same)], 1)
            if self.training and name in self.sides:
                side = self.get_submodule(self.sides[name])
                small = torch.nn.functional.adaptive_avg_pool2d(x, 4)
                h = torch.relu(side.fc1(self.run(f"{self.sides[name]}.conv", small).flatten(1)))
                said.append(side.fc2(side.dropout(h)))
        x = self.fc(self.dropout(x.flatten(2).mean(2)))
        return (x, *said) if said else x
''',
)

right(
    "named_tuple",
    "Returns the three logits with names.",
    old="return (x, *side) if side else x",
    new='named = __import__("collections").namedtuple("Logits", "network aux1 aux2")\n        return named(x, *side) if side else x',
)
