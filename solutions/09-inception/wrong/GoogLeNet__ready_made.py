"""You took the network of torchvision; this task is to write it."""

from torchvision import models


class GoogLeNet(models.GoogLeNet):
    def __init__(self, num_classes=1000, aux=True, norm=False):
        super().__init__(num_classes=num_classes, aux_logits=aux, init_weights=False)

    def forward(self, x):
        out = super().forward(x)
        return (out.logits, out.aux_logits1, out.aux_logits2) if self.training and self.aux1 is not None else out
