"""You took the network of torchvision; this task is to write it."""

from torchvision import models


def resnet(depth, num_classes=1000):
    if depth not in (18, 34, 50, 101, 152):
        raise ValueError("no such depth")
    return getattr(models, f"resnet{depth}")(num_classes=num_classes)
