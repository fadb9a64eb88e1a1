"""Blocks taken out of a network that is read from its file: the answers by hand, and a tiny run."""

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from convlab import datasets
from convlab.datasets import Data, DatasetUnavailable, Split
from experiments import Settings, common, deleted_blocks
from experiments import __main__ as command_line
from experiments.deleted_blocks import errors, folded, weights


def state_of(n: int, seed: int = 0) -> dict[str, Tensor]:
    g = torch.Generator().manual_seed(seed)
    state = {"conv1.weight": (16, 3, 3, 3), "linear.weight": (10, 64), "linear.bias": (10,)}
    norms = {"bn1": 16}
    for stage, wide in enumerate((16, 32, 64), 1):
        for block in range(n):
            narrow = wide // 2 if stage > 1 and block == 0 else wide
            at = f"layer{stage}.{block}"
            state[f"{at}.conv1.weight"], state[f"{at}.conv2.weight"] = (wide, narrow, 3, 3), (wide, wide, 3, 3)
            norms |= {f"{at}.bn1": wide, f"{at}.bn2": wide}
    tensors = {name: torch.randn(shape, generator=g) / 10 for name, shape in state.items()}
    for name, c in norms.items():
        tensors |= {f"{name}.{part}": torch.rand(c, generator=g) + 0.5 for part in ("weight", "running_var")}
        tensors |= {f"{name}.{part}": torch.randn(c, generator=g) for part in ("bias", "running_mean")}
    return tensors


def answers(state: dict[str, Tensor], x: Tensor, without: Collection[int] = ()) -> Tensor:
    """Return the logits of pictures."""
    layers = folded(state)
    return deleted_blocks.answers(layers, F.relu(F.conv2d(x, *layers.stem, padding=1)), without)


def plainly(state: dict[str, Tensor], x: Tensor, without: Collection[int]) -> Tensor:
    """Return the logits as the definition has them, with normalisation as a step of its own."""

    def normalised(name: str, h: Tensor) -> Tensor:
        parts = (state[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(h, *parts)

    h = F.relu(normalised("bn1", F.conv2d(x, state["conv1.weight"], padding=1)))
    for block in range(6):
        at, wide = f"layer{block // 2 + 1}.{block % 2}", 16 << block // 2
        stride = wide // h.shape[1]
        inner = F.relu(normalised(f"{at}.bn1", F.conv2d(h, state[f"{at}.conv1.weight"], stride=stride, padding=1)))
        inner = normalised(f"{at}.bn2", F.conv2d(inner, state[f"{at}.conv2.weight"], padding=1))
        around = torch.zeros_like(inner)
        first = (wide - h.shape[1]) // 2
        around[:, first : first + h.shape[1]] = h[:, :, ::stride, ::stride]
        h = F.relu(around if block in without else inner + around)
    return h.mean((2, 3)) @ state["linear.weight"].T + state["linear.bias"]


@pytest.mark.parametrize("without", [set(), {0}, {2, 4}, {1, 3, 5}])
def test_normalisation_can_be_folded_into_the_convolutions(without: set[int]) -> None:
    state, x = state_of(2), torch.randn(3, 3, 8, 8, generator=torch.Generator().manual_seed(5))
    assert torch.allclose(answers(state, x, without), plainly(state, x, without), atol=1e-4)


def test_without_any_block_the_first_layer_goes_through_thinned() -> None:
    state, x = state_of(2), torch.randn(2, 3, 8, 12, generator=torch.Generator().manual_seed(5))
    h = F.conv2d(x, state["conv1.weight"], padding=1)
    parts = ("running_mean", "running_var", "weight", "bias")
    h = F.relu(F.batch_norm(h, *(state[f"bn1.{part}"] for part in parts)))
    expected = torch.zeros(2, 64, 2, 3)
    expected[:, 24:40] = h[:, :, ::4, ::4]
    expected = expected.mean((2, 3)) @ state["linear.weight"].T + state["linear.bias"]
    assert torch.allclose(answers(state, x, set(range(6))), expected, atol=1e-5)


def test_blocks_are_taken_in_the_order_of_their_numbers() -> None:
    state, x = state_of(11), torch.randn(1, 3, 8, 8)
    before = answers(state, x, {10})
    state["layer1.10.conv1.weight"] = torch.zeros(16, 16, 3, 3)
    assert torch.allclose(answers(state, x, {10}), before)
    state["layer1.2.conv1.weight"] = torch.zeros(16, 16, 3, 3)
    assert not torch.allclose(answers(state, x, {10}), before)


def test_the_error_is_a_share_of_all_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    state, x = state_of(1), torch.randn(7, 3, 8, 8)
    monkeypatch.setattr(deleted_blocks, "IN_CACHE", 3)
    y = answers(state, x).argmax(1)
    assert errors(folded(state), x, y, [set()]) == [pytest.approx(0.0)]
    y[:2] = (y[:2] + 1) % 10
    wanted = [(answers(state, x, gone).argmax(1) != y).float().mean().item() for gone in ({0, 2}, {1}, {2}, {0, 1, 2})]
    assert errors(folded(state), x, y, [set(), {0, 2}, {1}, {2}, {0, 1, 2}]) == pytest.approx([2 / 7, *wanted])


def test_weights_are_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    kept = {f"module.{name}": value for name, value in state_of(3).items()}
    torch.save({"state_dict": kept, "best_prec1": 91.5}, tmp_path / "weights" / deleted_blocks.FILES[20])
    read, published = weights(20, str(tmp_path))
    assert set(read) == set(state_of(3))
    assert published == pytest.approx(0.085)


def test_without_a_network_the_folder_of_the_weights_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise URLError("no network in this test")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", refuse)
    with pytest.raises(DatasetUnavailable, match=r"pass --root of a folder that holds weights/resnet20-12fca82f.th"):
        weights(20, str(tmp_path))


def test_a_run_without_the_real_weights_leaves_a_complete_record(monkeypatch: pytest.MonkeyPatch) -> None:
    g = torch.Generator().manual_seed(1)
    pictures = Split(torch.rand(4, 3, 8, 8, generator=g), torch.arange(4))
    monkeypatch.setattr(datasets, "load", lambda *a, **k: Data("x", "CIFAR-10", pictures, pictures, ()))
    monkeypatch.setattr(deleted_blocks, "weights", lambda depth, root: (state_of(depth // 6), 0.08))
    record = command_line.record("deleted-blocks", Settings(data="cifar10", seeds=2, threads=1))
    found = common("deleted-blocks")
    assert found.missing(record.data, 2, 1) == []
    assert len(found.missing(record.data, 3, 1)) == 4
    assert [len(record.data["networks"][depth]["without"]) for depth in ("20", "32", "44", "56")] == [9, 15, 21, 27]
    assert record.data["pictures"] == 4
    assert (record.data_set, record.seeds) == ("CIFAR-10", [0, 1])


def test_other_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="CIFAR-10 only"):
        common("deleted-blocks").run(Settings(data="digits"), None)  # type: ignore[arg-type]
