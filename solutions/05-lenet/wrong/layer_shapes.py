"""Known mistakes of `layer_shapes`."""

mistake(
    "calls_them_one_by_one",
    "You called the leaves one after the other, which is right only where the network is a chain.",
    answer="""
import torch


def layer_shapes(net, in_shape):
    like = next(net.parameters(), torch.empty(0))
    x = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)
    rows = []
    modes = {module: module.training for module in net.modules()}
    net.eval()
    with torch.no_grad():
        for name, module in net.named_modules():
            if not list(module.children()):
                x = module(x)
                rows.append((name, type(module).__name__, tuple(x.shape[1:])))
    for module, mode in modes.items():
        module.training = mode
    return rows
""",
)

mistake(
    "each_layer_once",
    "You kept one row for each module, so one that runs twice is listed once.",
    old=[
        "rows: list[tuple[str, str, tuple[int, ...]]] = []",
        ".append((leaves[module], type(module).__name__, tuple(output.shape[1:])",
        """
        for part, mode in modes.items():
            part.training = mode
    return rows
""",
    ],
    new=[
        "rows: dict[str, tuple[str, str, tuple[int, ...]]] = {}",
        "[leaves[module]] = (leaves[module], type(module).__name__, tuple(output.shape[1:]",
        """
        for module, mode in modes.items():
            module.training = mode
    return list(rows.values())
""",
    ],
)

mistake(
    "float32_picture",
    "You made the picture in float32 whatever the network needs.",
    old=[
        ", dtype=like.dtype, device=",
        """
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        ", device=",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "in_training_mode",
    "You ran the network in training mode, where batch normalisation learns from your picture and refuses "
    "a batch of one.",
    old=[
        """
        net.eval()

""",
        """
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        "",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "input_shapes",
    "You wrote down what goes into a layer, not what comes out.",
    old=[
        "tuple(output.shape",
        """
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        "tuple(args[0].shape",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "keeps_the_batch",
    "You left the batch in the shape.",
    old=[
        ".shape[1:]))",
        """
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        ".shape))",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "leaves_evaluation_mode",
    "You left the network in evaluation mode.",
    old=[
        "modes = {module",
        """
        for part, mode in modes.items():
            part.training = mode

""",
    ],
    new=[
        "{module",
        "",
    ],
)

mistake(
    "leaves_hooks",
    "You did not remove your hooks, so they go on taking notes.",
    old=[
        "hooks = [module",
        """
        for hook in hooks:
            hook.remove()
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        "[module",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "needs_parameters",
    "You asked for the first parameter of a network that may have none.",
    old=[
        "like = next(net.parameters(), torch.empty(0))",
        """
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        "like = next(net.parameters())",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "one_mode_for_all",
    "You put back the mode of the whole network, so parts that were in evaluation mode are now in training mode.",
    old="""
        for part, mode in modes.items():
            part.training = mode
""",
    new="        net.train(modes[net])",
)

mistake(
    "with_containers",
    "You put hooks on all modules, so containers are listed beside their parts.",
    old=[
        ") if not list(module.children())}",
        """
        for part, mode in modes.items():
            part.training = mode
""",
    ],
    new=[
        ")}",
        """
        for module, mode in modes.items():
            module.training = mode
""",
    ],
)

mistake(
    "records_gradients",
    "You let torch record gradients that nobody needs.",
    old="        with torch.no_grad():\n",
    new="        with torch.enable_grad():\n",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="        with torch.no_grad():\n",
    new="        torch.set_grad_enabled(False)\n        if True:\n",
)

mistake(
    "freezes_the_network",
    "You froze the parameters of the network, and left them frozen.",
    old="        net.eval()\n",
    new="        net.eval().requires_grad_(False)\n",
)

mistake(
    "removes_all_hooks",
    "You removed all hooks, also those that were there before.",
    old="        for hook in hooks:\n            hook.remove()\n",
    new="        for module in net.modules():\n            module._forward_hooks.clear()\n",
)

mistake(
    "not_after_an_error",
    "You cleaned up only where the network ran to its end.",
    old=["    try:\n", "    finally:\n"],
    new=["    if True:\n", "    if True:\n"],
)

mistake(
    "picture_on_the_cpu",
    "You made the picture on the CPU wherever the network is.",
    old="like.dtype, device=like.device",
    new="like.dtype",
)

mistake(
    "two_pictures",
    "You ran two pictures where the statement says one.",
    old="torch.zeros(1, *in_shape",
    new="torch.zeros(2, *in_shape",
)

mistake(
    "runs_twice",
    "You ran the network twice, once to warm up.",
    old="            net(torch.zeros(",
    new="            net(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))\n            rows.clear()\n            net(torch.zeros(",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loop, which goes through the children of a Sequential in their order.",
    answer="""
import torch


def layer_shapes(net, in_shape):
    rows = []
    x = torch.zeros(1, *in_shape)
    for name, layer in net.named_children():
        x = layer(x)
        rows.append((name, layer.__class__.__name__, tuple(x.shape[1:])))
    return rows
""",
)

# Mutants that do the same

equivalent(
    "rows.append((leaves[module], type(module).__name__, tuple(output.shape[1:]))) -> "
    "rows.append((leaves[module], type(module).__name__, output.shape[1:]))",
    "A torch.Size is a tuple, and compares as one.",
)

equivalent(
    "like = next(net.parameters(), torch.empty(0)) -> like = next(net.parameters(), torch.empty(1))",
    "Only its dtype and device are read.",
)

equivalent(
    "net(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)) -> net(torch.ones(1, "
    "*in_shape, dtype=like.dtype, device=like.device))",
    "The statement does not say what the picture shows; the shapes do not depend on it.",
)
