"""ReLU, tanh and normalisation: the networks differ in what they are meant to, and the record is plausible."""

from statistics import mean

import pytest
import torch
from torch import nn

from convlab import results
from experiments.alexnet_parts import NETWORKS, RATES, WINDOW, Normalised, network, train


def test_the_networks_differ_in_their_parts_only() -> None:
    kinds = {name: [type(step) for step in network(name, (1, 28, 28)).steps] for name in NETWORKS}
    assert nn.ReLU not in kinds["tanh"]
    assert [nn.ReLU if kind is nn.Tanh else kind for kind in kinds["tanh"]] == kinds["relu"]
    assert [kind for kind in kinds["relu, LRN"] if kind is not Normalised] == kinds["relu"]
    counts = {sum(p.numel() for p in network(name, (1, 28, 28)).parameters()) for name in NETWORKS}
    assert len(counts) == 1


def test_normalisation_follows_the_first_two_nonlinearities_with_the_papers_constants() -> None:
    steps = list(network("relu, LRN", (1, 28, 28)).steps)
    places = [place for place, step in enumerate(steps) if isinstance(step, nn.LocalResponseNorm)]
    assert [type(steps[place - 1]) for place in places] == [nn.ReLU, nn.ReLU]
    assert [type(steps[place + 1]) for place in places] == [nn.MaxPool2d, nn.MaxPool2d]
    x = torch.zeros(1, 3, 1, 1)
    x[0, 1] = 100 / 255  # as a picture of 0–255 would give 100
    normalised = steps[places[0]](x)
    assert 255 * normalised[0, 1].item() == pytest.approx(100 / (2 + 1e-4 * 100**2) ** 0.75, rel=1e-5)


def test_errors_are_means_over_windows_of_steps() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    batch = (torch.tensor([[[[9.0, 0, 0, 0]]], [[[0, 0, 0, 9.0]]]]), torch.tensor([0, 1]))
    errors = train(net, [batch] * (2 * WINDOW + 3), 1, 0.1)
    assert len(errors) == 2
    assert errors[-1] == pytest.approx(0.0, abs=1e-9)
    assert len(train(net, [batch] * 3, 1, 0.1)) == 1


def test_relus_lead_at_the_lowest_rate_and_every_network_learns() -> None:
    data = results.load("alexnet-parts").data
    assert data["rates"] == list(RATES)[: len(data["rates"])]
    early = {name: mean(curve[3] for curve in runs["train_error"][0]) for name, runs in data["networks"].items()}
    assert early["relu"] < early["tanh"]
    best = {name: max(map(mean, runs["test_accuracy"])) for name, runs in data["networks"].items()}
    assert min(best.values()) > 0.8
    assert abs(best["relu"] - best["relu, LRN"]) < 0.03
