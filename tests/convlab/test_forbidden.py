"""What an answer must not call: groups by a word, names by a pattern, and the mistakes that an author can make."""

from __future__ import annotations

import fnmatch

import pytest
import torch

from convlab import rules
from convlab.checks import CheckFailed
from convlab.forbidden import CONVOLUTION, GROUPS, Forbidden, forbid


def test_a_group_is_one_word() -> None:
    assert forbid("convolution") == [CONVOLUTION]
    assert [one.what for one in forbid("autograd", "pooling")] == ["automatic differentiation", "a ready-made pooling"]


def test_names_stand_together_and_short_ones_are_written_out() -> None:
    assert forbid("torch.conv2d", "F.conv2d", "nn.Conv2d", "np.convolve", "d2l*") == [
        Forbidden(
            "a ready-made answer",
            ("torch.conv2d", "torch.nn.functional.conv2d", "torch.nn.Conv2d", "numpy.convolve", "d2l*"),
            (),
            "write it here",
        )
    ]


def test_what_to_use_instead_replaces_the_groups_own_words() -> None:
    assert [one.instead for one in forbid("pooling", "F.relu", instead="add up")] == ["add up", "add up"]
    assert GROUPS["pooling"].instead != "add up"


@pytest.mark.parametrize(("word", "said"), [("poolin", "did you mean pooling?"), ("xyzzy", "there are: convolution, ")])
def test_a_word_that_is_no_group_is_refused(word: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"There is no group '{word}' to forbid: ") as error:
        forbid(word)
    assert said in str(error.value)


# One call of the field for each group, by its name in the source and, where there is one, by the operation that runs.
USED = {
    "convolution": ("torch.nn.Conv2d", "convolution"),
    "unfolding": ("torch.nn.functional.unfold", "im2col"),
    "pooling": ("torch.nn.functional.avg_pool2d", "avg_pool2d"),
    "max_pooling": ("torch.nn.MaxUnpool2d", "max_pool2d_with_indices"),
    "rectifiers": ("torch.nn.functional.leaky_relu", "relu"),
    "softmax": ("torch.nn.functional.log_softmax", "_log_softmax"),
    "losses": ("torch.nn.CrossEntropyLoss", "nll_loss_forward"),
    "dropout": ("torch.nn.functional.dropout2d", "native_dropout"),
    "normalisation": ("torch.nn.BatchNorm2d", "native_batch_norm"),
    "local_response_norm": ("torch.nn.LocalResponseNorm", ""),
    "initialisation": ("torch.nn.init.kaiming_normal_", ""),
    "autograd": ("torch.autograd.grad", "convolution_backward"),
    "backward": ("torch.autograd.backward", "threshold_backward"),
    "optimizers": ("torch.optim.SGD", "_fused_sgd_"),
    "torchvision": ("torchvision.ops.nms", ""),
    "networks": ("convlab.networks.lenet.network", ""),
}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_knows_the_fields_own_call(group: str) -> None:
    name, op = USED[group]
    assert [pattern for pattern in GROUPS[group].names if fnmatch.fnmatchcase(name, pattern)]
    assert [pattern for pattern in GROUPS[group].ops if fnmatch.fnmatchcase(op, pattern)] or not op


def test_every_group_has_an_example_here() -> None:
    assert USED.keys() == GROUPS.keys()


def test_max_pooling_leaves_the_mean_alone() -> None:
    names = ("torch.nn.functional.avg_pool2d", "torch.nn.AdaptiveAvgPool2d")
    assert not [n for n in names for pattern in GROUPS["max_pooling"].names if fnmatch.fnmatchcase(n, pattern)]


def test_from_scratch_takes_what_forbid_gives() -> None:
    def rectified(x: torch.Tensor) -> torch.Tensor:
        return x.relu()

    with pytest.raises(CheckFailed, match=r"torch carried out aten::relu, a ready-made rectifier\."):
        rules.from_scratch(rectified, (torch.ones(2),), forbid=rules.forbid("rectifiers"))
    kept = rules.from_scratch(rectified, (torch.ones(2),), forbid=rules.forbid("pooling", "d2l*"))
    assert torch.equal(kept, torch.ones(2))
