"""The whole classifier is copied, then each dense layer in the copy is replaced."""

from copy import deepcopy

import torch
from torch import nn


def fully_convolutional(features, classifier, in_shape):
    net = nn.Sequential(deepcopy(features), *deepcopy(classifier)).eval()
    first = next(layer for layer in classifier if isinstance(layer, nn.Linear))
    with torch.no_grad():
        c, h, w = net[0](torch.rand(1, *in_shape).to(first.weight))[0].shape
    for place, layer in enumerate(net):
        if type(layer) is nn.Linear:
            try:
                filters = layer.weight.detach().view(-1, c, h, w)
            except RuntimeError as error:
                raise ValueError("this dense layer reads maps of another size") from error
            if len(filters) != layer.out_features:
                raise ValueError("this dense layer reads maps of another size")
            conv = nn.Conv2d(c, len(filters), (h, w), bias=layer.bias is not None).to(filters)
            conv.weight.data.copy_(filters)
            if layer.bias is not None:
                conv.bias.data.copy_(layer.bias.data)
            net[place], c, h, w = conv, len(filters), 1, 1
    return net.eval()
