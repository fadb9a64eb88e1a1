"""Known mistakes of `grad_cam`."""

mistake(
    "absolute_values",
    "You took absolute values, so what speaks against the class counts as much as what speaks for it.",
    old=".clamp(min=0)",
    new=".abs()",
)

mistake(
    "all_classes",
    "You added up the scores of all classes; each picture has one target.",
    old="score = net(x).gather(1, target[:, None]).sum()",
    new="score = net(x).sum()",
)

mistake(
    "backward_into_parameters",
    "You called backward(), which adds to the gradients that the parameters hold.",
    old="            (slope,) = torch.autograd.grad(score, kept[-1])",
    new="""
            score.backward()
            slope = kept[-1].grad
""",
)

mistake(
    "class_of_the_first",
    "You used the class of the first picture for all of them.",
    old="score = net(x).gather(1, target[:, None]).sum()",
    new="score = net(x).gather(1, target[:1, None].expand(len(x), 1)).sum()",
)

mistake(
    "enlarged",
    "You enlarged the map to the size of the picture.",
    old="    return (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0)",
    new="""
    maps = (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0)
    return torch.nn.functional.interpolate(maps[:, None], size=x.shape[2:], mode="nearest")[:, 0]
""",
)

mistake(
    "hands_on_the_leaf",
    "You handed on the tensor that your graph begins with; a layer that works in place may not change it.",
    old="return kept[-1].clone()",
    new="return kept[-1]",
)

mistake(
    "in_training_mode",
    "You left the network in training mode, where dropout and batch normalisation depend on chance and batch.",
    old="""
    net.eval()

""",
    new="",
)

mistake(
    "input_of_the_layer",
    "You kept the layer's input; its output is asked for.",
    old=[
        """
    kept, modes = [], {module: module.training for module in net.modules()}

    def keep(module, args, output):
        kept.append(output.detach().requires_grad_())
        return kept[-1].clone()

    hook = net.get_submodule(layer).register_forward_hook(keep)
""",
        "for module, mode in modes.items():",
    ],
    new=[
        """
    kept, modes = [], [(module, module.training) for module in net.modules()]

    def keep(module, args):
        kept.append(args[0].detach().requires_grad_())
        return (kept[-1].clone(),)

    hook = net.get_submodule(layer).register_forward_pre_hook(keep)
""",
        "for module, mode in modes:",
    ],
)

mistake(
    "keeps_a_graph",
    "Your maps drag a graph along.",
    old="1].detach()).",
    new="1]).",
)

mistake(
    "keeps_what_is_changed",
    "You kept the very tensor that a ReLU in place then changes.",
    old="""
        kept.append(output.detach().requires_grad_())
        return kept[-1].clone()
""",
    new="""
        kept.append(1 * output.detach().requires_grad_())
        return kept[-1]
""",
)

mistake(
    "leaves_evaluation_mode",
    "You left the network in evaluation mode.",
    old=[
        "kept, modes = [], {module: module.training for module in net.modules()}",
        """
        for module, mode in modes.items():
            module.training = mode

""",
    ],
    new=[
        "kept = []",
        "",
    ],
)

mistake(
    "leaves_its_hook",
    "You left your hook in the network.",
    old=[
        "hook = net.get_submodule(layer).register_forward_hook(keep)",
        """
        hook.remove()

""",
    ],
    new=[
        "net.get_submodule(layer).register_forward_hook(keep)",
        "",
    ],
)

mistake(
    "mean_over_the_batch",
    "You took the mean of the scores over the batch, so the maps shrink as the batch grows.",
    old="score = net(x).gather(1, target[:, None]).sum()",
    new="score = net(x).gather(1, target[:, None]).mean()",
)

mistake(
    "needs_gradients_on",
    "You rely on the caller to have gradients switched on.",
    old="with torch.enable_grad():",
    new="with torch.set_grad_enabled(torch.is_grad_enabled()):",
)

mistake(
    "needs_trainable_parameters",
    "Your graph begins at the parameters, so a frozen network has none.",
    old="""
        kept.append(output.detach().requires_grad_())
        return kept[-1].clone()
""",
    new="""
        kept.append(output)
        return output.clone()
""",
)

mistake(
    "no_relu",
    "You left out the maximum with 0: what speaks against the class stays in the map.",
    old=").clamp(min=0)",
    new=")",
)

mistake(
    "normalised",
    "You divided each map by its maximum; it is asked for as it is.",
    old="    return (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0)",
    new="""
    maps = (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0)
    return maps / maps.amax((1, 2), keepdim=True).clamp(min=1e-9)
""",
)

mistake(
    "probability",
    "You took the slope of the probability; the score before any softmax is asked for.",
    old="score = net(x).gather(1, target[:, None]).sum()",
    new="score = net(x).softmax(1).gather(1, target[:, None]).sum()",
)

mistake(
    "relu_on_the_slopes",
    "You set negative α to 0; the maximum with 0 comes last.",
    old="keepdim=True) * kept",
    new="keepdim=True).clamp(min=0) * kept",
)

mistake(
    "slope_at_each_place",
    "You multiplied at each place with its own slope; α is one number for a channel.",
    old="(slope.mean((2, 3), keepdim=True) *",
    new="(slope *",
)

mistake(
    "slope_of_the_batch",
    "You averaged α over the pictures; each has its own.",
    old="slope.mean((2, 3)",
    new="slope.mean((0, 2, 3)",
)

mistake(
    "sum_for_the_mean",
    "You added the slopes of a channel up; α is their mean.",
    old="slope.mean((",
    new="slope.sum((",
)

mistake(
    "leaves_gradients_on",
    "You switched gradients on with torch.set_grad_enabled(True), also where the caller had them off.",
    old="        with torch.enable_grad():\n",
    new="        torch.set_grad_enabled(True)\n        if True:\n",
)

mistake(
    "freezes_the_network",
    "You froze the network.",
    old="    net.eval()\n",
    new="    net.eval().requires_grad_(False)\n",
)

mistake(
    "unfreezes_the_network",
    "You made all parameters want a gradient, also the frozen ones.",
    old="    net.eval()\n",
    new="    net.eval().requires_grad_(True)\n",
)

mistake(
    "leaves_a_pre_hook",
    "You left a hook in the network.",
    old="    net.eval()\n",
    new="    net.eval().register_forward_pre_hook(lambda module, args: None)\n",
)

mistake(
    "spoils_its_argument",
    "You set the pictures to 0 in place.",
    old="    net.eval()\n",
    new="    net.eval()\n    x.zero_()\n",
)

mistake(
    "pictures_want_gradients",
    "You made the caller's pictures want a gradient.",
    old="    net.eval()\n",
    new="    net.eval()\n    x.requires_grad_()\n",
)

mistake(
    "not_after_an_error",
    "You put things back only where the network ran to its end.",
    old=["    try:\n", "    finally:\n"],
    new=["    if True:\n", "    if True:\n"],
)

mistake(
    "graph_begins_at_the_picture",
    "You asked the layer's output itself for a gradient, which may be the picture.",
    old="output.detach().requires_grad_()",
    new="output.requires_grad_()",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's Grad-CAM for a chain that is cut by a number; layers have names, and the network has modes.",
    answer="""
import torch


def grad_cam(net, layer, x, target):
    cut = int(layer) + 1
    found = []
    for picture, kind in zip(x, target, strict=True):
        body, head = net[:cut], net[cut:]
        last = body(picture[None]).detach().requires_grad_()
        (gradient,) = torch.autograd.grad(head(last)[0, kind], last)
        weight = gradient.mean(dim=(2, 3), keepdim=True)
        found.append((weight * last.detach()).sum(dim=1).relu()[0])
    return torch.stack(found)
""",
)

# Mutants that do the same

equivalent(
    "return kept[-1].clone() -> return kept[-0].clone()",
    "The layer runs once, so that the first output is the last.",
)

equivalent(
    "slope, = torch.autograd.grad(score, kept[-1]) -> slope, = torch.autograd.grad(score, kept[-0])",
    "The layer runs once, so that the first output is the last.",
)

equivalent(
    "return (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0) -> return "
    "(slope.mean((2, 3), keepdim=True) * kept[-0].detach()).sum(1).clamp(min=0)",
    "The layer runs once, so that the first output is the last.",
)

equivalent(
    "return (slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp(min=0) -> return "
    "(slope.mean((2, 3), keepdim=True) * kept[-1].detach()).sum(1).clamp_(min=0)",
    "Nobody else holds the sum.",
)
