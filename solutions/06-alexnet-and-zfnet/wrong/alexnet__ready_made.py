"""You called torchvision; this task is to write the layers yourself."""


def alexnet(num_classes=1000):
    from torchvision import models

    return models.alexnet(weights=None, num_classes=num_classes)
