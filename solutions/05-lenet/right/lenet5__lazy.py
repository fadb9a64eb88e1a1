"""Lazy layers find their input sizes when a first picture goes through."""

import torch


def lenet5():
    nn = torch.nn
    net = nn.Sequential(
        nn.LazyConv2d(6, 5, padding="same"),
        nn.Sigmoid(),
        nn.AvgPool2d(2, 2),
        nn.LazyConv2d(16, 5),
        nn.Sigmoid(),
        nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.LazyLinear(120),
        nn.Sigmoid(),
        nn.LazyLinear(84),
        nn.Sigmoid(),
        nn.LazyLinear(10),
    )
    with torch.no_grad():
        net(torch.zeros(1, 1, 28, 28))

    def start(layer):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(layer.weight)
            layer.bias.data.zero_()

    return net.apply(start)
