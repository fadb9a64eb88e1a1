"""Right answers, written differently, for `fully_convolutional`."""

right(
    "copy_then_replace",
    "The whole classifier is copied, then each dense layer in the copy is replaced.",
    answer="""
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
""",
)

right(
    "windows",
    "No convolution: the maps are cut into windows, and a copy of the classifier reads each.",
    answer="""
import copy

import torch


class Sliding(torch.nn.Module):
    def __init__(self, features, classifier, window):
        super().__init__()
        self.features = features
        self.window = window
        kinds = [m for m in classifier if isinstance(m, torch.nn.Linear)]
        self.rest = torch.nn.ModuleList(m for m in classifier if not isinstance(m, torch.nn.Linear))
        self.order = [isinstance(m, torch.nn.Linear) for m in classifier]
        size, self.filters, self.biases = window, torch.nn.ParameterList(), torch.nn.ParameterList()
        self.has_bias = [layer.bias is not None for layer in kinds]
        for layer in kinds:
            filters = layer.weight.detach().clone().unflatten(1, size)
            self.filters.append(torch.nn.Parameter(filters))
            if layer.bias is not None:
                self.biases.append(torch.nn.Parameter(layer.bias.detach().clone()))
            size = (layer.out_features, 1, 1)

    def forward(self, x):
        x = self.features(x)
        filters, biases, rest, has = iter(self.filters), iter(self.biases), iter(self.rest), iter(self.has_bias)
        for dense in self.order:
            if not dense:
                x = next(rest)(x)
                continue
            weight = next(filters)
            windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
            x = torch.einsum("ncijuv,ocuv->noij", windows, weight)
            if next(has):
                x = x + next(biases)[:, None, None]
        return x


def fully_convolutional(features, classifier, in_shape):
    features = copy.deepcopy(features).eval()
    weight = next(m for m in classifier if isinstance(m, torch.nn.Linear)).weight
    with torch.no_grad():
        window = tuple(features(weight.new_zeros(1, *in_shape)).shape[1:])
    if window[0] * window[1] * window[2] != weight.shape[1]:
        raise ValueError("the first dense layer reads another number of values")
    return Sliding(features, copy.deepcopy(classifier), window).eval()
""",
)
