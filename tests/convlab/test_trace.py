"""The table of a network's layers, against numbers worked by hand, torch's counter and torchvision's metadata."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models

from convlab.trace import Trace, trace

KNOWN: dict[str, Any] = {  # what torchvision's weights say of themselves, and the field of the last map
    "alexnet": (models.AlexNet_Weights.IMAGENET1K_V1, 195),
    "vgg11": (models.VGG11_Weights.IMAGENET1K_V1, 150),
    "vgg16": (models.VGG16_Weights.IMAGENET1K_V1, 212),
    "vgg19": (models.VGG19_Weights.IMAGENET1K_V1, 268),
    "googlenet": (models.GoogLeNet_Weights.IMAGENET1K_V1, 379),
    "inception_v3": (models.Inception_V3_Weights.IMAGENET1K_V1, 1311),  # Araujo et al., 2019, name this one,
    "resnet18": (models.ResNet18_Weights.IMAGENET1K_V1, 435),
    "resnet34": (models.ResNet34_Weights.IMAGENET1K_V1, 899),
    "resnet50": (models.ResNet50_Weights.IMAGENET1K_V1, 427),
    "resnet101": (models.ResNet101_Weights.IMAGENET1K_V1, 971),
    "resnet152": (models.ResNet152_Weights.IMAGENET1K_V1, 1451),
}
SPECIAL: dict[str, dict[str, Any]] = {
    "googlenet": {"aux_logits": False, "init_weights": False},
    "inception_v3": {"init_weights": False},
}


def on_meta(name: str) -> tuple[nn.Module, tuple[int, int, int]]:
    with torch.device("meta"):
        net = models.get_model(name, weights=None, **SPECIAL.get(name, {}))
    side = 299 if name == "inception_v3" else 224
    return net, (3, side, side)


@pytest.mark.parametrize("name", KNOWN)
def test_totals_are_torchs_and_torchvisions(name: str) -> None:
    net, shape = on_meta(name)
    table = trace(net, shape)
    weights, field = KNOWN[name]
    assert table.parameters == weights.meta["num_params"]
    assert table.macs / 1e9 == pytest.approx(weights.meta["_ops"], abs=6e-4)
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        net.eval()(torch.zeros(1, *shape, device="meta"))
    assert table.macs * 2 == counter.get_total_flops()
    maps = [layer for layer in table.layers if layer.field is not None and layer.shape[-1] > 1]
    assert maps[-1].field == (field, field)
    assert maps[-1].jump == (32, 32)


def test_lenet_by_hand() -> None:
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Flatten(), nn.Linear(1600, 10),
    )  # fmt: skip
    table = trace(net, (1, 28, 28))
    assert [layer.kind for layer in table.layers] == ["Conv2d", "Sigmoid", "AvgPool2d", "Conv2d", "Flatten", "Linear"]
    assert [layer.shape for layer in table.layers] == [
        (6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (1600,), (10,)
    ]  # fmt: skip
    assert [layer.field for layer in table.layers] == [(5, 5), (5, 5), (6, 6), (14, 14), None, None]
    assert [layer.jump for layer in table.layers] == [(1, 1), (1, 1), (2, 2), (2, 2), None, None]
    assert [layer.parameters for layer in table.layers] == [156, 0, 0, 2416, 0, 16010]
    assert [layer.macs for layer in table.layers] == [25 * 6 * 784, 0, 0, 150 * 16 * 100, 0, 16000]
    assert [layer.memory for layer in table.layers] == [4 * 4704, 4 * 4704, 4 * 1176, 4 * 1600, 0, 40]
    assert table.memory == 4 * (4704 + 4704 + 1176 + 1600 + 10)


def test_heights_and_widths_are_told_apart() -> None:
    net = nn.Sequential(nn.Conv2d(2, 4, (3, 5), stride=(2, 1), dilation=(2, 1), groups=2), nn.MaxPool2d((1, 2)))
    first, second = trace(net, (2, 20, 31)).layers
    assert (first.shape, second.shape) == ((4, 8, 27), (4, 8, 13))
    assert (first.field, first.jump) == ((5, 5), (2, 1))
    assert (second.field, second.jump) == ((5, 6), (2, 2))
    assert first.macs == 4 * 8 * 27 * 15


def test_one_axis_and_three() -> None:
    (line,) = trace(nn.Sequential(nn.Conv1d(3, 2, 7, stride=3, padding=3)), (3, 50)).layers
    assert (line.shape, line.field, line.jump) == ((2, 17), (7,), (3,))
    (block,) = trace(nn.Sequential(nn.Conv3d(1, 2, (1, 3, 5))), (1, 6, 7, 8)).layers
    assert (block.shape, block.field) == ((2, 6, 5, 4), (1, 3, 5))


def test_alexnet_has_the_receptive_field_of_the_literature() -> None:
    net = models.alexnet(weights=None).features
    layers = [layer for layer in trace(net, (3, 224, 224)).layers if layer.kind != "ReLU"]
    fields = [11, 19, 51, 67, 99, 131, 163, 195]  # Araujo et al., 2019: 195, stride 32
    assert [layer.field for layer in layers] == [(field, field) for field in fields]
    assert [layer.jump for layer in layers] == [(jump, jump) for jump in (4, 8, 8, 16, 16, 16, 16, 32)]
    assert layers[-1].shape == (256, 6, 6)
    assert sum(layer.macs for layer in layers) == 655_566_528


@pytest.mark.parametrize(
    ("layers", "field", "jump"),
    [
        ([nn.Conv2d(1, 2, 3)], 3, 1),
        ([nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, 3), nn.Conv2d(2, 1, 3)], 7, 1),
        ([nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(2, 1, 3)], 8, 2),
        ([nn.Conv2d(1, 1, 3, dilation=4)], 9, 1),
        ([nn.Conv2d(1, 1, 1), nn.AvgPool2d(2, 3)], 2, 3),
        ([nn.Conv2d(1, 1, 7, stride=2, padding=3), nn.MaxPool2d(3, 2, 1)], 11, 4),
    ],
)
def test_field_and_jump_of_stacks_by_hand(layers: list[nn.Module], field: int, jump: int) -> None:
    net = nn.Sequential(*layers)
    last = trace(net, (1, 40, 40)).layers[-1]
    assert (last.field, last.jump) == ((field, field), (jump, jump))
    assert seen_rows(net, 40, 40, 1) == field


@pytest.mark.parametrize("build", [models.alexnet, pytest.param(models.vgg16, marks=pytest.mark.thorough)])
def test_fields_are_those_measured_from_the_gradient(build: Any) -> None:
    features = build(weights=None).features
    with torch.device("meta"):
        traced = [layer for layer in trace(build(weights=None), (3, 224, 224)).layers if layer.name.startswith("feat")]
    assert (seen_rows(features, 448, 448, 3),) * 2 == traced[-1].field


def seen_rows(net: nn.Module, height: int, width: int, channels: int) -> int:
    """Measure the rows from the first to the last that reach a unit in the middle, with positive weights and means."""
    for module in net.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.MaxPool2d):
                setattr(module, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding))
            if isinstance(child, nn.Conv2d):
                nn.init.constant_(child.weight, 1 / child.weight[0].numel())
    x = torch.rand(1, channels, height, width, dtype=torch.float64, requires_grad=True)
    y = net.double().eval()(x)
    (gradient,) = torch.autograd.grad(y[0, 0, y.shape[2] // 2, y.shape[3] // 2], x)
    rows = gradient[0].abs().sum((0, 2)).nonzero()
    return int(rows[-1] - rows[0]) + 1


def test_a_residual_network_sees_what_its_gradient_says() -> None:
    net = models.resnet18(weights=None)
    body = nn.Sequential(*list(net.children())[:-2])
    last = trace(body, (3, 64, 64)).layers[-1]
    assert last.field == (435, 435)
    assert seen_rows(body, 1024, 64, 3) == 435


class Branches(nn.Module):
    """Three ways through functions, of different fields, joined by concatenation and a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(3, 4, 1, stride=2)
        self.tall = nn.Conv2d(4, 4, (7, 1), padding=(3, 0))
        self.low = nn.Conv2d(4, 4, (3, 3), padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.reduce(x))
        joined = torch.cat([self.tall(x), self.low(x), F.avg_pool2d(x, 3, 1, 1)], 1)
        return joined + F.pad(x, (0, 0, 0, 0, 4, 4))


def test_where_branches_meet_the_widest_counts() -> None:
    table = trace(Branches(), (3, 32, 40))
    last = table.layers[-1]
    assert (last.name, last.kind, last.shape) == ("Branches", "Branches", (12, 16, 20))
    assert (last.field, last.jump) == ((13, 5), (2, 2))
    assert {layer.name: layer.field for layer in table.layers}["tall"] == (13, 1)
    assert seen_rows(Branches(), 64, 32, 3) == 13


class EverySecond(nn.Module):
    """The shortcut without parameters: every second pixel, beside a convolution of stride 2."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 2, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x) + x[:, :, ::2, ::2]


def test_a_strided_slice_keeps_the_jump() -> None:
    last = trace(nn.Sequential(EverySecond(), nn.Conv2d(2, 1, 3)), (2, 16, 16)).layers[-1]
    assert (last.field, last.jump) == ((7, 7), (2, 2))


def test_a_shifted_branch_widens_what_the_sum_sees() -> None:
    class Shifted(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[:, :, -11:] + x[:, :, :-5]

    (layer,) = trace(Shifted(), (1, 16, 16)).layers
    assert layer.field == (6, 1)


@pytest.mark.parametrize(
    "lost",
    [
        nn.Sequential(nn.Conv2d(1, 1, 3), nn.Flatten(), nn.Linear(100, 4)),
        nn.Sequential(nn.Conv2d(1, 1, 3), nn.ConvTranspose2d(1, 1, 2, 2)),
        nn.Sequential(nn.Conv2d(1, 1, 3), nn.Upsample(scale_factor=2)),
        nn.Sequential(nn.Conv2d(1, 1, 3), nn.AdaptiveAvgPool2d(7), nn.Conv2d(1, 1, 3)),
    ],
)
def test_off_the_convolutional_path_there_is_no_field(lost: nn.Module) -> None:
    layers = trace(lost, (1, 12, 12)).layers
    assert layers[0].field == (3, 3)
    assert (layers[-1].field, layers[-1].jump) == (None, None)


def test_a_pooling_over_everything_is_a_pooling() -> None:
    layers = trace(
        nn.Sequential(nn.Conv2d(1, 1, 3), nn.AdaptiveAvgPool2d(1), nn.AdaptiveAvgPool2d(1)), (1, 12, 10)
    ).layers
    assert layers[1].field == layers[2].field == (12, 10)


def test_layers_of_single_pixels_change_no_field() -> None:
    kinds = [nn.BatchNorm2d(4), nn.LocalResponseNorm(3), nn.Dropout(), nn.GELU(), nn.PReLU(), nn.Softplus(), nn.SiLU()]
    kinds += [kind(inplace=True) for kind in (nn.ReLU, nn.Hardswish, nn.Hardsigmoid, nn.SiLU, nn.Mish, nn.ELU)]
    for kind in kinds:
        layers = trace(nn.Sequential(nn.Conv2d(1, 4, 5), kind, nn.Conv2d(4, 1, 3)), (1, 12, 12)).layers
        assert [layer.field for layer in layers] == [(5, 5), (5, 5), (7, 7)]


def test_memory_that_was_there_already_is_not_counted() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True), nn.ReLU(), nn.Dropout(), nn.Identity(), nn.Flatten())
    assert [layer.memory for layer in trace(net, (1, 7, 9)).layers] == [280, 0, 280, 0, 0, 0]
    assert trace(net.double(), (1, 7, 9)).memory == 1120


def test_a_layer_used_twice_has_two_rows_and_its_parameters_once() -> None:
    conv = nn.Conv2d(2, 2, 3, padding=1)
    table = trace(nn.Sequential(conv, nn.ReLU(), conv), (2, 8, 8))
    assert [(layer.name, layer.parameters) for layer in table.layers] == [("0", 38), ("1", 0), ("0", 0)]
    assert table.parameters == 38
    assert table.macs == 2 * 2 * 2 * 9 * 64


def test_own_layers_of_students_are_counted_below_their_own_code() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(5, 2 * 9))

        def forward(self, x: Tensor) -> Tensor:
            return (self.weight @ F.unfold(x, 3)).view(len(x), 5, 8, 10)

    (layer,) = trace(Own(), (2, 10, 12)).layers
    assert (layer.parameters, layer.macs, layer.shape) == (90, 90 * 80, (5, 8, 10))


def test_parts_that_do_not_run_are_named() -> None:
    with torch.device("meta"):
        net = models.googlenet(weights=None, aux_logits=True, init_weights=False)
    table = trace(net, (3, 224, 224))
    assert table.parameters == sum(p.numel() for p in net.parameters())
    assert table.unused == table.parameters - 6_624_904
    assert "not run" in repr(table)


def test_depth_adds_up_what_is_inside() -> None:
    net, shape = on_meta("resnet50")
    fine, coarse = trace(net, shape), trace(net, shape, depth=1)
    assert [layer.name for layer in coarse.layers][:5] == ["conv1", "bn1", "relu", "maxpool", "layer1"]
    for total in ("parameters", "macs", "memory"):
        assert getattr(coarse, total) == getattr(fine, total)
    stage = coarse.layers[4]
    assert (stage.kind, stage.shape, stage.field) == ("Sequential", (256, 56, 56), (35, 35))
    assert stage.parameters == 215_808


def test_the_network_is_left_as_it_was() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Sequential(nn.Dropout()))
    net.train()
    net[2].eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    trace(net, (1, 8, 8))
    assert [m.training for m in net.modules()] == [True, True, True, False, False]
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())


def test_a_network_that_fails_is_left_as_it_was_too() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv2d(5, 2, 3)).train()
    with pytest.raises(RuntimeError):
        trace(net, (1, 8, 8))
    assert net.training
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())


def test_outputs_of_several_tensors() -> None:
    class Two(nn.Module):
        def forward(self, x: Tensor) -> dict[str, Tensor]:
            return {"a": x + 1, "b": x[:, :, :2] * 2}

    (layer,) = trace(Two(), (1, 4, 5)).layers
    assert (layer.shape, layer.memory) == ((1, 4, 5), 4 * (20 + 10))


def test_the_table_reads_in_a_terminal_and_on_a_page() -> None:
    table = trace(
        nn.Sequential(nn.Conv2d(3, 8, (3, 5)), nn.Flatten(), nn.Linear(8 * 30 * 28, 10)), (3, 32, 32), caption="Small"
    )
    assert isinstance(table, Trace)
    lines = repr(table).splitlines()
    assert lines[0].split() == ["layer", "kind", "output", "field", "jump", "parameters", "MACs", "memory,", "kB"]
    assert lines[1].split() == ["0", "Conv2d", "8×30×28", "3×5", "1", "368", "302,400", "26.9"]
    assert lines[3].split()[:5] == ["2", "Linear", "10", "–", "–"]
    assert lines[-1].split() == ["total", "67,578", f"{302_400 + 67_200:,}", "26.9"]
    html = table._repr_html_()
    assert "<caption>Small</caption>" in html
    assert ">302,400<" in html
    assert len({math.ceil(len(line) / 100) for line in lines}) == 1
