"""Right answers, written differently, for `alexnet`."""

right(
    "a_class_with_forward",
    "A class of its own, its layers one by one, ReLUs in place.",
    answer="""
import torch


class AlexNet(torch.nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        nn = torch.nn
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(0.5),
            nn.Linear(9216, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x):
        x = torch.nn.functional.adaptive_avg_pool2d(self.features(x), (6, 6))
        return self.classifier(torch.flatten(x, 1))


def alexnet(num_classes=1000):
    return AlexNet(num_classes)
""",
)

right(
    "layers_by_number",
    "Only the layers with weights are modules, under their numbers; the rest are functions.",
    answer="""
import torch


class AlexNet(torch.nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        nn = torch.nn
        sizes = {0: (3, 64, 11, 4, 2), 3: (64, 192, 5, 1, 2), 6: (192, 384, 3, 1, 1), 8: (384, 256, 3, 1, 1)}
        sizes[10] = (256, 256, 3, 1, 1)
        self.features = nn.ModuleDict({str(number): nn.Conv2d(*size) for number, size in sizes.items()})
        widths = {1: (9216, 4096), 4: (4096, 4096), 6: (4096, num_classes)}
        self.classifier = nn.ModuleDict({str(number): nn.Linear(*width) for number, width in widths.items()})

    def forward(self, x):
        f = torch.nn.functional
        for number, layer in self.features.items():
            x = f.relu(layer(x))
            if number in ("0", "3", "10"):
                x = f.max_pool2d(x, 3, 2)
        x = f.adaptive_avg_pool2d(x, 6).reshape(len(x), -1)
        for number, layer in self.classifier.items():
            if number != "6":
                x = f.relu(layer(f.dropout(x, 0.5, self.training)))
        return self.classifier["6"](x)


def alexnet(num_classes=1000):
    return AlexNet(num_classes)
""",
)
