"""The training loop: what it learns, what it counts, and how its rate falls."""

import math
from typing import Any

import pytest
import torch

from convlab import datasets
from convlab.networks import Network, training
from convlab.networks.training import confusion, fit, train_epoch


def test_training_learns_and_counts_as_it_goes() -> None:
    train, test = datasets.loaders("digits", 64)
    torch.manual_seed(0)
    net = Network("flat | dense 32 | relu | dense 10", (1, 8, 8), "kaiming")
    seen: list[float] = []
    curves = fit(net, train, test, epochs=5, lr=0.2, after_epoch=lambda c: seen.append(c.test_accuracy[-1]))
    assert curves.test_accuracy == seen
    assert len(curves.train_loss) == len(curves.train_accuracy) == 5
    assert curves.train_loss[-1] < 0.5 * curves.train_loss[0]
    assert curves.test_accuracy[-1] > 0.85


def test_a_falling_rate_falls_along_a_cosine(monkeypatch: pytest.MonkeyPatch) -> None:
    rates: list[float] = []

    def look(net: Any, batches: Any, optimizer: torch.optim.Optimizer) -> tuple[float, float]:
        rates.append(optimizer.param_groups[0]["lr"])
        return 0.0, 0.0

    monkeypatch.setattr(training, "train_epoch", look)
    train, test = datasets.loaders("digits")
    net = Network("flat | dense 10", (1, 8, 8))
    fit(net, train, test, epochs=4, lr=0.2, falling=True)
    assert rates == pytest.approx([0.2, 0.1 * (1 + math.sqrt(0.5)), 0.1, 0.1 * (1 - math.sqrt(0.5))])
    fit(net, train, test, epochs=2, lr=0.2)
    assert rates[4:] == pytest.approx([0.2, 0.2])


def test_the_figures_of_an_epoch_are_means_over_examples() -> None:
    """With a rate of 0 the network stays, so an epoch's figures are those of all examples at once."""
    train, _ = datasets.loaders("digits", 100)
    net = Network("flat | dense 10", (1, 8, 8))
    loss, accuracy = train_epoch(net, train, torch.optim.SGD(net.parameters(), lr=0.0))
    digits = datasets.load("digits").train
    logits = net(digits.images)
    assert loss == pytest.approx(torch.nn.functional.cross_entropy(logits, digits.labels).item(), rel=1e-4)
    assert accuracy == pytest.approx((logits.argmax(1) == digits.labels).float().mean().item(), rel=1e-4)


def test_a_confusion_table_has_the_truth_in_its_rows_and_restores_the_mode() -> None:
    class Same(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            assert not self.training
            return torch.nn.functional.one_hot(x.long(), 3).float()

    net = Same().train()
    batches = [(torch.tensor([0, 1, 1]), torch.tensor([0, 1, 2])), (torch.tensor([2]), torch.tensor([2]))]
    assert confusion(net, batches, 3).tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert net.training
