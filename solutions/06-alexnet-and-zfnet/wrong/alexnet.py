"""Known mistakes of `alexnet`."""

mistake(
    "adaptive_max_pooling",
    "You took the maximum where the mean brings all sizes to 6 × 6; at 224 pixels nobody sees the difference.",
    old='net.add_module("avgpool", nn.AdaptiveAvgPool2d(6))',
    new='net.add_module("avgpool", nn.AdaptiveMaxPool2d(6))',
)

mistake(
    "always_1000_classes",
    "You wrote 1000 into the last layer and never use num_classes.",
    old=", num_classes))",
    new=", 1000))",
)

mistake(
    "channels_256_384",
    "You swapped the channels of the third and fourth convolutions: 384 first, then 256.",
    old="""
        (192, 384, 3, 1, 1, False),
        (384, 256, 3, 1, 1, False),
        (256, 256, 3, 1, 1, True),
""",
    new="""
        (192, 256, 3, 1, 1, False),
        (256, 384, 3, 1, 1, False),
        (384, 256, 3, 1, 1, True),
""",
)

mistake(
    "dropout_after_the_dense_layers",
    "You put dropout behind the first two dense layers; it comes before them.",
    old="Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU",
    new="Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout",
)

mistake(
    "dropout_before_the_last_layer",
    "You drop before the last layer in place of the one before it.",
    old="    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]",
    new="""
    dense = [
        nn.Dropout(),
        nn.Linear(256 * 6 * 6, 4096),
        nn.ReLU(),
        nn.Identity(),
        nn.Linear(4096, 4096),
        nn.Sequential(nn.ReLU(), nn.Dropout()),
    ]
""",
)

mistake(
    "dropout_in_every_mode",
    "You drop in evaluation mode too, so the same picture gets another answer each time.",
    old=[
        "    nn, parts = torch.nn, []",
        "nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout",
    ],
    new=[
        """
    nn, parts = torch.nn, []

    class Drop(nn.Module):
        def forward(self, x):
            return nn.functional.dropout(x)

""",
        "Drop(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), Drop",
    ],
)

mistake(
    "drops_too_few",
    "Your dropout drops one in five; here it drops half.",
    old="    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]",
    new="""
    dense = [
        nn.Dropout(0.2),
        nn.Linear(256 * 6 * 6, 4096),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(4096, 4096),
        nn.ReLU(),
    ]
""",
)

mistake(
    "filters_of_2012",
    "You took the 96 filters of the paper of 2012 in the first convolution; this form has 64.",
    old="""
        (3, 64, 11, 4, 2, True),
        (64, 192, 5, 1, 2, True),
""",
    new="""
        (3, 96, 11, 4, 2, True),
        (96, 192, 5, 1, 2, True),
""",
)

mistake(
    "first_layer_not_padded",
    "You left out the padding of 2 in the first convolution, so the maps begin with 54 rows.",
    old="(3, 64, 11, 4, 2, True),",
    new="(3, 64, 11, 4, 0, True),",
)

mistake(
    "flattens_channels_last",
    "You flattened by row, column and then channel, so weights of others do not fit.",
    old=[
        "    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]",
        'net.add_module("flatten", nn.Flatten())',
    ],
    new=[
        """
    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]

    class Flat(nn.Module):
        def forward(self, x):
            return x.permute(0, 2, 3, 1).flatten(1)

""",
        'net.add_module("flatten", Flat())',
    ],
)

mistake(
    "no_biases",
    "You gave the convolutions no biases.",
    old="stride, padding), nn",
    new="stride, padding, bias=False), nn",
)

mistake(
    "no_dropout",
    "You left out dropout; an Identity keeps the numbers of the layers right, and the network overfits.",
    old="Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout",
    new="Identity(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Identity",
)

mistake(
    "no_last_pooling",
    "You left out the max pooling after the last convolution; the mean pooling behind it hides that the size is wrong.",
    old="parts += [nn.MaxPool2d(3, 2)] if pool else []",
    new="parts += [nn.MaxPool2d(3, 2)] if pool and len(parts) < 10 else []",
)

mistake(
    "only_224_pixels",
    "You left out the mean pooling to 6 × 6, so the network takes pictures of one size only.",
    old='net.add_module("avgpool", nn.AdaptiveAvgPool2d(6))',
    new='net.add_module("avgpool", nn.Identity())',
)

mistake(
    "pooling_does_not_overlap",
    "Your poolings take windows of 2 × 2; here they are 3 × 3 with stride 2, and overlap.",
    old="parts += [nn.MaxPool2d(3, 2)] if pool else []",
    new="parts += [nn.MaxPool2d(2, 2)] if pool else []",
)

mistake(
    "ready_made",
    "You called torchvision; this task is to write the layers yourself.",
    answer="""
def alexnet(num_classes=1000):
    from torchvision import models

    return models.alexnet(weights=None, num_classes=num_classes)
""",
)

mistake(
    "relu_at_the_end",
    "You put a ReLU behind the last layer, so no score can be negative.",
    old="num_classes)))",
    new="num_classes), nn.ReLU()))",
)

mistake(
    "softmax_at_the_end",
    "You put a softmax at the end; the network gives plain scores.",
    old="num_classes)))",
    new="num_classes), nn.Softmax(1)))",
)

mistake(
    "tanh",
    "You squash with tanh; AlexNet has ReLUs.",
    old="""
        parts += [nn.Conv2d(c_in, c_out, size, stride, padding), nn.ReLU()]
        parts += [nn.MaxPool2d(3, 2)] if pool else []
    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]
""",
    new="""
        parts += [nn.Conv2d(c_in, c_out, size, stride, padding), nn.Tanh()]
        parts += [nn.MaxPool2d(3, 2)] if pool else []
    dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.Tanh(), nn.Dropout(), nn.Linear(4096, 4096), nn.Tanh()]
""",
)

mistake(
    "two_groups",
    "You split the second, fourth and fifth convolutions into two groups, as on the two GPUs of 2012; "
    "this form has one.",
    old="        parts += [nn.Conv2d(c_in, c_out, size, stride, padding), nn.ReLU()]",
    new="""
        parts += [
            nn.Conv2d(c_in, c_out, size, stride, padding, groups=1 + (c_in in (64, 384) or c_in == c_out)),
            nn.ReLU(),
        ]
""",
)

mistake(
    "cached",
    "You cached the network, so a second call returns the first one.",
    old="    return net\n",
    new='    return alexnet.__dict__.setdefault(f"net{num_classes}", net)\n',
)

mistake(
    "kaiming_start",
    "You drew the weights of the convolutions anew; they start as torch starts them.",
    old="    return net\n",
    new="""
    for layer in net.features:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
    return net
""",
)

mistake(
    "biases_of_zero",
    "You set the biases to 0; they start as torch starts them.",
    old="    return net\n",
    new="""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.zeros_(layer.bias)
    return net
""",
)

mistake(
    "start_of_2012",
    "You drew the dense weights with a deviation of 0.01, as in 2012; they start as torch starts them.",
    old="    return net\n",
    new="""
    for layer in net.classifier:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
    return net
""",
)

mistake(
    "frozen_features",
    "You froze the convolutions.",
    old="    return net\n",
    new="    net.features.requires_grad_(False)\n    return net\n",
)

mistake(
    "detaches_the_features",
    "You cut the graph behind the features.",
    old='    net.add_module("flatten", nn.Flatten())\n',
    new='    net.add_module("flatten", nn.Flatten())\n    net.avgpool.register_forward_hook(lambda m, a, out: out.detach())\n',
)

mistake(
    "drops_whole_maps",
    "You dropped whole maps before the first dense layer; Dropout drops single numbers.",
    old='    net.add_module("flatten", nn.Flatten())\n',
    new='    dense[0] = nn.Identity()\n    net.add_module("maps", nn.Dropout2d())\n    net.add_module("flatten", nn.Flatten())\n',
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's network of 2012: groups, other filters, dropout in other places, and no names.",
    answer="""
import torch
from torch import nn


def alexnet(num_classes=1000):
    norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
    pool = nn.MaxPool2d(3, stride=2)
    return nn.Sequential(
        *(nn.Conv2d(3, 96, 11, stride=4), nn.ReLU(), norm, pool),
        *(nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), norm, pool),
        *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), pool),
        nn.Flatten(),
        *(nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5)),
        nn.Linear(4096, num_classes),
    )
""",
)

# Mutants that do the same

equivalent(
    "in_place",
    "Nobody else holds the list.",
)

equivalent(
    "dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, "
    "4096), nn.ReLU()] -> dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.Dropout(), nn.ReLU(), "
    "nn.Linear(4096, 4096), nn.ReLU()]",
    "Dropout multiplies by 0 or 2, which a ReLU before it or after it leaves as it is.",
)

equivalent(
    "dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, "
    "4096), nn.ReLU()] -> dense = [nn.Dropout2d(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), "
    "nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]",
    "On a tensor (N, features) a whole channel is a single number.",
)

equivalent(
    "dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, "
    "4096), nn.ReLU()] -> dense = [nn.Dropout(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), "
    "nn.Dropout2d(), nn.Linear(4096, 4096), nn.ReLU()]",
    "On a tensor (N, features) a whole channel is a single number.",
)
