"""Known mistakes of `gradient_norms`."""

mistake(
    "adds_to_grad",
    "You called backward, which leaves gradients in the parameters.",
    old="    gradients = iter(torch.autograd.grad(loss, wanted, allow_unused=True))",
    new="""
    for parameter in wanted:
        parameter.grad = None
    loss.backward()
    gradients = iter([parameter.grad for parameter in wanted])
""",
)

mistake(
    "clears_grad",
    "You cleaned up with zero_grad, which also removes gradients that were there before.",
    old="    found = [(name, next(gradients) if parameter.requires_grad else None) for name, parameter in weights]",
    new="""
    found = [(name, next(gradients) if parameter.requires_grad else None) for name, parameter in weights]
    net.zero_grad()
""",
)

mistake(
    "convolutions_only",
    "You listed convolutions only; dense layers have weights too.",
    old="parameter.ndim > 1]",
    new="parameter.ndim > 2]",
)

mistake(
    "evaluation_mode",
    "You switched to evaluation mode; the network runs in the mode that it is in.",
    old="    x, y = batch",
    new="""
    x, y = batch
    net.eval()
""",
)

mistake(
    "lists_biases",
    "You listed biases and norms too.",
    old="parameter.ndim > 1",
    new="True",
)

mistake(
    "mean_magnitude",
    "You took the mean of the magnitudes; the norm is the root of the sum of squares.",
    old="gradient.norm()",
    new="gradient.abs().mean()",
)

mistake(
    "moves_statistics",
    "You let batch normalisation learn from the batch; put its statistics back.",
    old=[
        """
    before = [(buffer, buffer.clone()) for buffer in net.buffers()]

""",
        """
    with torch.no_grad():
        for buffer, value in before:
            buffer.copy_(value)

""",
    ],
    new=[
        "",
        "",
    ],
)

mistake(
    "needs_grad_mode",
    "You rely on gradients being switched on where you are called.",
    old="with torch.enable_grad():",
    new="with torch.autograd.set_detect_anomaly(False):",
)

mistake(
    "norm_of_weights",
    "You measured the weights, not their gradients.",
    old=[
        "gradients = iter(torch.autograd.grad(loss, wanted, allow_unused=True)",
        """
    found = [(name, next(gradients) if parameter.requires_grad else None) for name, parameter in weights]
    return [(name, 0.0 if gradient is None else gradient.norm().item()) for name, gradient in found]
""",
    ],
    new=[
        "torch.autograd.grad(loss, wanted, allow_unused=True",
        "    return [(name, parameter.norm().item()) for name, parameter in weights]",
    ],
)

mistake(
    "skips_frozen",
    "You left frozen weights out of the list; their norm is 0.0.",
    old="    weights = [(name, parameter) for name, parameter in net.named_parameters() if parameter.ndim > 1]",
    new="""
    weights = [
        (name, parameter)
        for name, parameter in net.named_parameters()
        if parameter.ndim > 1 and parameter.requires_grad
    ]
""",
)

mistake(
    "softmax_first",
    "You applied softmax before the cross-entropy, which does it itself.",
    old="loss = torch.nn.functional.cross_entropy(net(x), y)",
    new="loss = torch.nn.functional.cross_entropy(net(x).softmax(1), y)",
)

mistake(
    "squared",
    "You forgot the root.",
    old=").item()) for name",
    new=").item() ** 2) for name",
)

mistake(
    "summed_loss",
    "You summed the loss over the batch; it is the mean.",
    old="loss = torch.nn.functional.cross_entropy(net(x), y)",
    new='loss = torch.nn.functional.cross_entropy(net(x), y, reduction="sum")',
)

mistake(
    "tensors",
    "You returned tensors; .item() makes floats.",
    old="norm().item()) for",
    new="norm()) for",
)

mistake(
    "unused_raises",
    "You did not allow for weights that the loss does not depend on.",
    old="wanted, allow_unused=True)",
    new="wanted)",
)

mistake(
    "all_modes_of_the_network",
    "You put all modules into one mode; those inside keep theirs.",
    old="    x, y = batch",
    new="""
    x, y = batch
    net.train(net.training)
""",
)

mistake(
    "evaluation_mode_after",
    "You ended in training mode, whatever the mode was before.",
    old="    found = [",
    new="""
    net.train()
    found = [
""",
)

mistake(
    "thaws",
    "You made frozen parameters trainable.",
    old="    found = [",
    new="""
    net.requires_grad_(True)
    found = [
""",
)

mistake(
    "variance_left",
    "You put the running means back and left the running variances changed.",
    old="[(buffer, buffer.clone()) for buffer in net.buffers()]",
    new='[(buffer, buffer.clone()) for name, buffer in net.named_buffers() if "var" not in name]',
)

mistake(
    "clears_gradients",
    "You cleared gradients that were there before.",
    old="    found = [",
    new="""
    net.zero_grad()
    found = [
""",
)

mistake(
    "spoils_its_argument",
    "You changed the pictures of the batch; they stay as they are.",
    old="    gradients = iter(",
    new="""
    x.data.zero_()
    gradients = iter(
""",
)

mistake(
    "changes_the_labels",
    "You changed the labels of the batch; they stay as they are.",
    old="    gradients = iter(",
    new="""
    y.data.zero_()
    gradients = iter(
""",
)

mistake(
    "gradients_on_for_good",
    "You switched gradients on and left them on, also where they had been off.",
    old="    with torch.enable_grad():\n        loss",
    new="    torch.set_grad_enabled(True)\n    if True:\n        loss",
)

mistake(
    "pairs_as_lists",
    "You returned lists of name and norm; they are tuples.",
    old="return [(name, 0.0 if gradient is None else gradient.norm().item()) for name, gradient in found]",
    new="return [[name, 0.0 if gradient is None else gradient.norm().item()] for name, gradient in found]",
)

mistake(
    "two_or_four_axes",
    "You took parameters with two or four axes only; those of other convolutions have three or five.",
    old="parameter.ndim > 1",
    new="parameter.ndim in (2, 4)",
)

mistake(
    "pictures_want_gradients",
    "You left the pictures wanting a gradient; the batch stays as it is.",
    old="    found =",
    new="    x.requires_grad_(True)\n    found =",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's lines: they list convolutions only, and leave gradients and statistics behind.",
    answer="""
import torch
from torch import nn
from torch.nn import functional as F


def gradient_norms(net, batch):
    images, labels = batch
    F.cross_entropy(net(images), labels).backward()
    return [
        (f"{name}.weight", layer.weight.grad.norm().item())
        for name, layer in net.named_modules()
        if isinstance(layer, nn.Conv2d)
    ]
""",
)

equivalent("dropped_with", "Neither the buffers nor their copies want a gradient, so nothing is recorded.")
