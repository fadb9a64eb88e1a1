"""Blocks taken out of a network that is read from its file: the answers by hand, and a tiny run."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from convlab.datasets import Data, Split
from experiments import Settings, common, deleted_blocks
from experiments import __main__ as command_line
from experiments.deleted_blocks import answers, error, weights


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


def test_the_error_is_a_share_of_all_pictures() -> None:
    state, x = state_of(1), torch.randn(7, 3, 8, 8)
    y = answers(state, x).argmax(1)
    assert error(state, x, y, batch=3) == pytest.approx(0.0)
    y[:2] = (y[:2] + 1) % 10
    assert error(state, x, y, batch=3) == pytest.approx(2 / 7)


def test_weights_are_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    kept = {f"module.{name}": value for name, value in state_of(3).items()}
    torch.save({"state_dict": kept}, tmp_path / "weights" / deleted_blocks.FILES[20])
    assert set(weights(20, str(tmp_path))) == set(state_of(3))


def test_a_run_without_the_real_weights_leaves_a_complete_record(monkeypatch: pytest.MonkeyPatch) -> None:
    g = torch.Generator().manual_seed(1)
    pictures = Split(torch.rand(4, 3, 8, 8, generator=g), torch.arange(4))
    monkeypatch.setattr(deleted_blocks.datasets, "load", lambda *a, **k: Data("x", "CIFAR-10", pictures, pictures, ()))
    monkeypatch.setattr(deleted_blocks, "weights", lambda depth, root: state_of(depth // 6))
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
