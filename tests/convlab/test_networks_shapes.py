"""The small network of chapter 06: what it is asked, and that the weights of the site answer well."""

import torch
from torch import nn

from convlab.datasets import shapes
from convlab.networks.shapes import SIZE, accuracy, kinds, network, prepared, read_weights, weights_file
from convlab.results import load


def test_the_network_is_of_convolutions_relus_and_poolings_up_to_its_mean() -> None:
    net = network()
    assert {type(layer) for layer in net[:10]} == {nn.Conv2d, nn.ReLU, nn.MaxPool2d}
    assert net(torch.zeros(2, 3, SIZE, SIZE)).shape == (2, 5)
    assert sum(p.numel() for p in net.parameters()) == load("shapes-network").data["parameters"]


def test_kinds_say_what_is_on_a_picture() -> None:
    scenes = shapes(20, SIZE, 3, objects=(1, 3))
    wanted = [[float(k in found.tolist()) for k in range(5)] for found in scenes.labels]
    assert kinds(scenes).tolist() == wanted
    assert prepared(scenes.images).abs().mean().item() < 1.5


def test_the_course_has_weights_that_answer_well_on_pictures_they_have_not_seen() -> None:
    scenes = shapes(150, SIZE, 77, objects=(1, 3))
    answers, pictures = accuracy(read_weights(weights_file()), prepared(scenes.images), kinds(scenes))
    assert answers > 0.98
    assert pictures > 0.93
    record = load("shapes-network")
    assert record.data["bytes"] == weights_file().stat().st_size == 2 * record.data["parameters"]
    assert record.data["answers"] > 0.98
