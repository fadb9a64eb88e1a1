"""You left out the dropout before the last layer."""

import torch


class GoogLeNet(torch.nn.Module):
    """The network of 2014: (N, 3, H, W) to (N, num_classes), in training with heads to three such logits."""

    def __init__(self, num_classes: int = 1000, aux: bool = True, norm: bool = False) -> None:
        super().__init__()
        nn = torch.nn

        def unit(c: int, c_out: int, k: int, stride: int = 1) -> nn.Sequential:
            parts = {"conv": nn.Conv2d(c, c_out, k, stride, k // 2, bias=not norm)}
            parts |= {"bn": nn.BatchNorm2d(c_out, 0.001)} if norm else {}
            made = nn.Sequential()
            for name, part in [*parts.items(), ("relu", nn.ReLU())]:
                made.add_module(name, part)
            return made

        class Module(nn.Module):
            def __init__(self, c: int, a: int, b: tuple[int, int], d: tuple[int, int], e: int) -> None:
                super().__init__()
                self.branch1, self.c_out = unit(c, a, 1), a + b[1] + d[1] + e
                self.branch2 = nn.Sequential(unit(c, b[0], 1), unit(*b, 3))
                self.branch3 = nn.Sequential(unit(c, d[0], 1), unit(*d, 3 if norm else 5))
                self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(c, e, 1))

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return torch.cat([part(x) for part in self.children()], dim=1)

        class Head(nn.Module):
            def __init__(self, c: int) -> None:
                super().__init__()
                self.pool, self.conv = nn.AdaptiveAvgPool2d(4), unit(c, 128, 1)
                self.fc1, self.fc2, self.drop = nn.Linear(2048, 1024), nn.Linear(1024, num_classes), nn.Dropout(0.7)

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return self.fc2(self.drop(self.fc1(self.conv(self.pool(x)).flatten(1)).relu()))

        self.conv1, self.conv2, self.conv3 = unit(3, 64, 7, 2), unit(64, 64, 1), unit(64, 192, 3)
        specs = {
            "3a": (64, (96, 128), (16, 32), 32),
            "3b": (128, (128, 192), (32, 96), 64),
            "4a": (192, (96, 208), (16, 48), 64),
            "4b": (160, (112, 224), (24, 64), 64),
            "4c": (128, (128, 256), (24, 64), 64),
            "4d": (112, (144, 288), (32, 64), 64),
            "4e": (256, (160, 320), (32, 128), 128),
            "5a": (256, (160, 320), (32, 128), 128),
            "5b": (384, (192, 384), (48, 128), 128),
        }
        self.order, c, self.heads = list(specs), 192, {}
        for name, spec in specs.items():
            made = Module(c, *spec)
            self.add_module(f"inception{name}", made)
            c = made.c_out
            if aux and name in ("4a", "4d"):
                self.add_module("aux1" if name == "4a" else "aux2", Head(c))
                self.heads[name] = "aux1" if name == "4a" else "aux2"
        self.last = 2 if norm else 3
        self.fc = nn.Linear(c, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the logits; in training with heads a tuple (network, aux1, aux2)."""

        def halved(x: torch.Tensor, kernel: int = 3) -> torch.Tensor:
            return torch.nn.functional.max_pool2d(x, kernel, 2, ceil_mode=True)

        x = halved(self.conv3(self.conv2(halved(self.conv1(x)))))
        side = []
        for name in self.order:
            if name == "4a":
                x = halved(x)
            if name == "5a":
                x = halved(x, self.last)
            x = self.get_submodule(f"inception{name}")(x)
            if self.training and name in self.heads:
                side.append(self.get_submodule(self.heads[name])(x))
        x = self.fc(x.mean((2, 3)))
        return (x, *side) if side else x
