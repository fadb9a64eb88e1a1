"""Known mistakes of `fully_convolutional`."""

mistake(
    "always_bias",
    "You gave every convolution a bias, and one that had none keeps what torch drew.",
    old=[
        "layer.bias is not None",
        "if conv.bias is not None:",
    ],
    new=[
        "True",
        "if layer.bias is not None:",
    ],
)

mistake(
    "averages",
    "You averaged the map to one answer.",
    old="return nn.Sequential(trunk, *head).eval()",
    new="return nn.Sequential(trunk, *head, nn.AdaptiveAvgPool2d(1)).eval()",
)

mistake(
    "channels_last",
    "You unrolled the weights as if the channels came last.",
    old="conv.weight.copy_(layer.weight.reshape(conv.weight.shape))",
    new="conv.weight.copy_(layer.weight.reshape(layer.out_features, *window[1:], window[0]).movedim(-1, 1))",
)

mistake(
    "drops_relu",
    "You kept only the dense layers and lost what stands between them.",
    old="""
            head.append(copy.deepcopy(layer))

""",
    new="",
)

mistake(
    "flattens",
    "You flattened the answer, but its shape is (N, classes, 1, 1).",
    old="return nn.Sequential(trunk, *head).eval()",
    new="return nn.Sequential(trunk, *head, nn.Flatten()).eval()",
)

mistake(
    "flipped",
    "You flipped the filter, but convolution layers do not flip.",
    old="conv.weight.copy_(layer.weight.reshape(conv.weight.shape))",
    new="conv.weight.copy_(layer.weight.reshape(conv.weight.shape).flip(2, 3))",
)

mistake(
    "float32",
    "You made the new layers in float32.",
    old="conv.to(layer.weight.device, layer.weight.dtype)",
    new="conv.to(layer.weight.device)",
)

mistake(
    "forgets_bias",
    "You left the biases where torch drew them.",
    old="""
            if conv.bias is not None:
                conv.bias.copy_(layer.bias)

""",
    new="",
)

mistake(
    "forgets_weights",
    "You did not copy the weights.",
    old="""
            conv.weight.copy_(layer.weight.reshape(conv.weight.shape))

""",
    new="",
)

mistake(
    "never_refuses",
    "You make a filter of some other size when the dense layer does not fit.",
    old='raise ValueError(f"{layer} does not read maps of {window}")',
    new="window = (layer.in_features, 1, 1)",
)

mistake(
    "one_by_one_first",
    "You made the first dense layer a convolution of 1 × 1, which cannot read a whole map.",
    old=[
        "out_features, window[1:], bias",
        "conv.weight.copy_(layer.weight.reshape(conv.weight.shape))",
    ],
    new=[
        "out_features, 1, bias",
        "conv.weight.copy_(layer.weight.reshape(layer.out_features, *window).sum((2, 3), keepdim=True))",
    ],
)

mistake(
    "padded",
    "You padded the first filter, so that even a picture of in_shape gives a map.",
    old="        conv = nn.Conv2d(window[0], layer.out_features, window[1:], bias=layer.bias is not None)",
    new="""
        conv = nn.Conv2d(
            window[0],
            layer.out_features,
            window[1:],
            bias=layer.bias is not None,
            padding="same" if max(window[1:]) > 1 else 0,
        )
""",
)

mistake(
    "ready_made",
    "You imported a network of torchvision; this task is to convert the one that is given.",
    answer="""
import torch


def fully_convolutional(features, classifier, in_shape):
    import copy

    from torchvision.models import vgg16

    nn = torch.nn
    assert vgg16
    trunk, like = copy.deepcopy(features).eval(), next(classifier.parameters())
    with torch.no_grad():
        window = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)).shape[1:]
    head = []
    for layer in classifier:
        if isinstance(layer, nn.Linear):
            if layer.in_features != window.numel():
                raise ValueError("the dense layer does not fit")
            conv = nn.Conv2d(window[0], layer.out_features, window[1:], bias=layer.bias is not None)
            values = {"weight": layer.weight.reshape(conv.weight.shape)}
            values |= {"bias": layer.bias} if layer.bias is not None else {}
            conv.to(like.device, like.dtype).load_state_dict(values)
            window = torch.Size((layer.out_features, 1, 1))
            head.append(conv)
        else:
            head.append(copy.deepcopy(layer))
    return nn.Sequential(trunk, *head).eval()
""",
)

mistake(
    "runs_in_training",
    "You ran the given features to see their size, and batch normalisation learned from it.",
    old="    nn = torch.nn",
    new="""
    nn = torch.nn
    features(torch.zeros(2, *in_shape, dtype=next(classifier.parameters()).dtype))
""",
)

mistake(
    "shares_features",
    "You used the given features themselves, so training the new network changes them.",
    old="trunk = copy.deepcopy(features).eval()",
    new="trunk = features.eval()",
)

mistake(
    "shares_weights",
    "You gave the new layers the old parameters' memory.",
    old="conv.weight.copy_(layer.weight.reshape(conv.weight.shape))",
    new="conv.weight = nn.Parameter(layer.weight.detach().reshape(conv.weight.shape))",
)

mistake(
    "square",
    "You made the filter square.",
    old="window = tuple(maps.shape[1:])",
    new="window = (maps.shape[1], maps.shape[2], maps.shape[2])",
)

mistake(
    "strided",
    "You moved the filter by its own size, but windows begin at every row and column.",
    old="], bias=layer",
    new="], window[1:], bias=layer",
)

mistake(
    "swapped_sides",
    "You swapped height and width of the filter.",
    old="window = tuple(maps.shape[1:])",
    new="window = (maps.shape[1], maps.shape[3], maps.shape[2])",
)

mistake(
    "training_mode",
    "You left the new network in training mode, so dropout drops.",
    old="return nn.Sequential(trunk, *head).eval()",
    new="return nn.Sequential(trunk, *head).train()",
)

mistake(
    "frozen",
    "You froze the new network, so it cannot be trained.",
    old="    return nn.Sequential(trunk, *head).eval()",
    new="    return nn.Sequential(trunk, *head).eval().requires_grad_(False)",
)

mistake(
    "freezes_the_given",
    "You froze the given modules.",
    old="    return nn.Sequential(trunk, *head).eval()",
    new="    features.requires_grad_(False)\n    return nn.Sequential(trunk, *head).eval()",
)

mistake(
    "spoils_its_argument",
    "You set the given weights to 0 in place.",
    old="    trunk = copy",
    new="    for value in classifier.parameters():\n        value.data.zero_()\n    trunk = copy",
)

mistake(
    "shares_the_layers_between",
    "You put the given ReLU and dropout into the new network, and switched them to evaluation mode.",
    old="head.append(copy.deepcopy(layer))",
    new="head.append(layer)",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="    with torch.no_grad():\n        maps",
    new="    torch.set_grad_enabled(False)\n    if True:\n        maps",
)

mistake(
    "detaches_the_maps",
    "You cut the graph behind the features.",
    old="    return nn.Sequential(trunk, *head).eval()",
    new="    trunk.register_forward_hook(lambda module, args, output: output.detach())\n    return nn.Sequential(trunk, *head).eval()",
)

mistake(
    "picture_on_the_cpu",
    "You made the picture on the CPU wherever the modules are.",
    old="like.dtype, device=like.device",
    new="like.dtype",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the convolution of the chapter: it writes one dense layer as a filter, forgets those after it, "
    "and uses the weights of the given modules.",
    answer="""
import torch
from torch import nn


class Whole(nn.Module):
    def __init__(self, features, dense, window):
        super().__init__()
        self.features, self.dense, self.window = features, dense, window

    def forward(self, x):
        as_filter = self.dense.weight.reshape(-1, *self.window)
        maps = self.features(x)
        return nn.functional.conv2d(maps, as_filter, self.dense.bias)


def fully_convolutional(features, classifier, in_shape):
    with torch.no_grad():
        window = features(torch.zeros(1, *in_shape)).shape[1:]
    return Whole(features, classifier[0], window)
""",
)

# Mutants that do the same

equivalent(
    "with torch.no_grad(): -> if True:",
    "Only the shape of the maps is read; what was recorded goes with them.",
)

equivalent(
    "maps = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)) -> maps = "
    "trunk(torch.ones(1, *in_shape, dtype=like.dtype, device=like.device))",
    "Only the shape of the maps is read.",
)

equivalent(
    "maps = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)) -> maps = "
    "trunk(torch.zeros(2, *in_shape, dtype=like.dtype, device=like.device))",
    "Only the shape of the maps is read, without the batch.",
)

equivalent(
    "maps = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)) -> maps = "
    "trunk(torch.zeros(0, *in_shape, dtype=like.dtype, device=like.device))",
    "Only the shape of the maps is read, without the batch.",
)

equivalent(
    "window = tuple(maps.shape[1:]) -> window = maps.shape[1:]",
    "A torch.Size is a tuple.",
)

equivalent(
    "conv.weight.copy_(layer.weight.reshape(conv.weight.shape)) -> "
    "conv.weight.copy_(layer.weight.view(conv.weight.shape))",
    "The weight of a Linear lies in one piece, as torch makes it.",
)
