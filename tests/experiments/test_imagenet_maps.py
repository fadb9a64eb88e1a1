"""Maps of where a network looks: the rules at the ReLUs, occlusion, Grad-CAM, and the record."""

from pathlib import Path

import pytest
import torch
from torch import nn

from convlab.photographs import PHOTOGRAPHS
from convlab.results import load
from experiments.imagenet_maps import RULES, main, maps, quantised, rectified

WAYS = ["gradient", "deconvnet", "guided backprop", "occlusion", "Grad-CAM"]


class Small(nn.Module):
    """Cut like torchvision's SqueezeNet: features, and a classifier of dropout, convolution, ReLU and mean."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 5, 8), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU())
        self.classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(4, 6, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.classifier(self.features(x)).flatten(1)
        return out


def small() -> Small:
    torch.manual_seed(3)
    return Small().eval().requires_grad_(False)


def test_the_plain_rule_is_the_gradient_and_the_others_are_not() -> None:
    net, x = small(), torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    start = x.clone().requires_grad_()
    (wanted,) = torch.autograd.grad(net.classifier[:2](net.features(start))[0, 2].max(), start)
    found = {name: rectified(net, x, 2, rule) for name, rule in RULES.items()}
    assert torch.allclose(found["gradient"], wanted)
    assert not torch.allclose(found["deconvnet"], found["guided backprop"])
    assert all(not module._backward_hooks for module in net.modules())


def test_a_guided_signal_passes_where_both_directions_are_positive() -> None:
    relu = nn.ReLU()
    x = torch.tensor([1.0, -1.0, 2.0, -2.0], requires_grad=True)
    above = torch.tensor([1.0, 1.0, -1.0, -1.0])
    (plain,) = torch.autograd.grad(relu(x), x, above)
    assert plain.tolist() == [1, 0, -1, 0]
    assert RULES["deconvnet"](above, plain).tolist() == [1, 1, 0, 0]
    assert RULES["guided backprop"](above, plain).tolist() == [1, 0, 0, 0]


def test_quantised_maps_run_from_0_to_99_and_drop_what_is_negative() -> None:
    assert quantised(torch.tensor([[-3.0, 0.0], [1.0, 2.0]])) == [[0, 0], [50, 99]]
    assert quantised(torch.zeros(2, 3)) == [[0, 0, 0], [0, 0, 0]]


def test_five_maps_come_of_one_picture() -> None:
    steps: list[str] = []
    found = maps(small(), torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(2)), 1, steps.append)
    assert list(found) == steps == WAYS
    assert {len(found[way]) for way in WAYS[:3]} == {84}


def test_the_record_has_both_photographs_and_all_filters() -> None:
    record = load("imagenet-maps")
    assert set(record.data["photographs"]) == set(PHOTOGRAPHS)
    for entry in record.data["photographs"].values():
        assert list(entry["maps"]) == WAYS
        assert 0 < sum(entry["named"].values()) <= 1
        assert all(0 <= v <= 99 for values in entry["maps"].values() for line in values for v in line)
        assert all(max(map(max, values)) == 99 for values in entry["maps"].values())
    assert record.data["filter_shape"] == [96, 3, 7, 7]
    assert [len(row) for row in record.data["filters"]] == [3 * 7 * 7] * 96
    assert "--weights" not in record.command


def test_the_command_reads_weights_from_a_file_and_names_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchvision.models import squeezenet1_0

    torch.manual_seed(0)
    net = squeezenet1_0(weights=None)
    torch.save(net.state_dict(), tmp_path / "weights.pth")
    monkeypatch.setattr("experiments.imagenet_maps.STEP", 92)  # nine patches
    assert main(["--weights", str(tmp_path / "weights.pth"), "--results", str(tmp_path)]) == 0
    record = load("imagenet-maps", tmp_path)
    assert set(record.data["photographs"]) == {"china", "flower"}
    assert str(tmp_path) not in (tmp_path / "imagenet-maps.json").read_text(encoding="utf-8")
