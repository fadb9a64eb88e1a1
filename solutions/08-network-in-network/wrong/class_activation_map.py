"""Known mistakes of `class_activation_map`."""

mistake(
    "adds_bias",
    "You added the bias of the class to every place.",
    old="keepdim=True)",
    new="keepdim=True) + dense.bias[chosen].reshape(-1, 1, 1, 1)",
)

mistake(
    "aligned_corners",
    "You aligned the corners when you enlarged.",
    old="align_corners=False)",
    new="align_corners=True)",
)

mistake(
    "broadcasts_classes",
    "You accept a tensor of one class for several pictures.",
    old="if chosen.dim() and chosen.shape != x.shape[:1]:",
    new="if chosen.dim() and len(chosen) not in (1, len(x)):",
)

mistake(
    "clips",
    "You clipped the map at 0; what speaks against a class counts, too.",
    old="keepdim=True)",
    new="keepdim=True).clamp(min=0)",
)

mistake(
    "column_of_weights",
    "You took a column of the weights where the class has a row.",
    old="""
            rows = dense.weight[chosen.expand(len(x))]
            places = (rows[:, :, None, None] * maps).sum(1, keepdim=True)
""",
    new="""
            rows = dense.weight.T[chosen.expand(len(x)) % dense.in_features]
            places = (rows[:, :1, None, None] * maps).sum(1, keepdim=True)
""",
)

mistake(
    "first_class_for_all",
    "You used the class of the first picture for all of them.",
    old="rows = dense.weight[chosen.expand(len(x))]",
    new="rows = dense.weight[chosen.flatten()[:1].expand(len(x))]",
)

mistake(
    "float32",
    "You computed the map in float32.",
    old="""
            maps = net[:-3](x)
            rows = dense.weight[chosen.expand(len(x))]
""",
    new="""
            maps = net[:-3](x).float()
            rows = dense.weight.float()[chosen.expand(len(x))]
""",
)

mistake(
    "ints_only",
    "You take ints only.",
    old="    chosen = torch.as_tensor(c, device=x.device)",
    new="""
    chosen = torch.as_tensor(c, device=x.device)
    chosen = torch.tensor(int(c), device=x.device)
""",
)

mistake(
    "keeps_the_graph",
    "You recorded gradients on the way.",
    old="with torch.no_grad():",
    new="with torch.enable_grad():",
)

mistake(
    "leaves_a_hook",
    "You left a hook in the network.",
    old="            maps = net[:-3](x)",
    new="""
            kept = []
            net[-3].register_forward_pre_hook(lambda module, args: kept.append(args[0]))
            net(x)
            maps = kept[0]
""",
)

mistake(
    "mean_over_channels",
    "You averaged over the channels where they are added up.",
    old="maps).sum(1,",
    new="maps).mean(1,",
)

mistake(
    "nearest",
    "You enlarged by repeating cells.",
    old='bilinear", align_corners=False',
    new='nearest"',
)

mistake(
    "negative_classes",
    "You accept negative classes, and Python counts them from the end.",
    old="if ((chosen < 0) | (chosen >= dense.out_features)).any():",
    new="if (chosen >= dense.out_features).any():",
)

mistake(
    "never_refuses",
    "You accept classes that do not exist.",
    old="""
    if ((chosen < 0) | (chosen >= dense.out_features)).any():
        raise ValueError("there is no such class")
""",
    new="    chosen = chosen.clamp(0, dense.out_features - 1)",
)

mistake(
    "not_enlarged",
    "You did not enlarge the map.",
    old=[
        """
            enlarged = torch.nn.functional.interpolate(places, x.shape[2:], mode="bilinear", align_corners=False)

""",
        "return enlarged[:, 0]",
    ],
    new=[
        "",
        "return places[:, 0]",
    ],
)

mistake(
    "one_mode",
    "You gave all parts the mode of the whole.",
    old="""
        for module, mode in modes:
            module.training = mode
""",
    new="        net.train(modes[0][1])",
)

mistake(
    "ready_made",
    "You took torchvision's feature extraction; this task is to read the maps yourself.",
    answer="""
import torch


def class_activation_map(net, x, c):
    from torchvision.models.feature_extraction import get_graph_node_names

    assert get_graph_node_names
    dense, chosen = net[-1], torch.as_tensor(c, device=x.device)
    if chosen.dim() and chosen.shape != x.shape[:1]:
        raise ValueError("one class for each picture")
    if int(chosen.min()) < 0 or int(chosen.max()) >= dense.out_features:
        raise ValueError("there is no such class")
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    with torch.no_grad():
        maps = torch.einsum("nk,nkij->nij", dense.weight[chosen.expand(len(x))], net[:-3](x))
    for module, mode in modes:
        module.training = mode
    return torch.nn.functional.interpolate(maps[:, None], x.shape[2:], mode="bilinear")[:, 0]
""",
)

mistake(
    "scales",
    "You scaled the map to 0…1, so the maps of two classes cannot be compared.",
    old="    return enlarged[:, 0]",
    new="""
    low, high = enlarged.amin((1, 2, 3), keepdim=True), enlarged.amax((1, 2, 3), keepdim=True)
    return ((enlarged - low) / (high - low))[:, 0]
""",
)

mistake(
    "stays_in_eval",
    "You left the network in evaluation mode.",
    old="""
        for module, mode in modes:
            module.training = mode
""",
    new="        modes.clear()",
)

mistake(
    "swapped_sides",
    "You enlarged to (W, H).",
    old="x.shape[2:], mode",
    new="x.shape[:1:-1], mode",
)

mistake(
    "training_mode",
    "You ran the network in the mode that it was in.",
    old="""
        net.eval()

""",
    new="",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="        with torch.no_grad():\n",
    new="        torch.set_grad_enabled(False)\n        if True:\n",
)

mistake(
    "freezes_the_network",
    "You froze the parameters of the network to save the gradients, and left them frozen.",
    old="        net.eval()\n        with",
    new="        net.eval().requires_grad_(False)\n        with",
)

mistake(
    "zeroes_the_bias",
    "You set the bias of the caller's network to 0.",
    old="    return enlarged[:, 0]",
    new="    torch.nn.init.zeros_(dense.bias)\n    return enlarged[:, 0]",
)

mistake(
    "spoils_the_network",
    "You zeroed the dense weights, and so a map that is 0 agrees with the scores.",
    old="    chosen = torch.as_tensor",
    new="    with torch.no_grad():\n        dense.weight.zero_()\n    chosen = torch.as_tensor",
)

mistake(
    "clamps_the_classes",
    "You changed the tensor of classes in place.",
    old="    return enlarged[:, 0]",
    new="    if isinstance(c, torch.Tensor):\n        c.zero_()\n    return enlarged[:, 0]",
)

mistake(
    "not_after_an_error",
    "You put the modes back only where the network ran to its end.",
    old=["    try:\n", "    finally:\n"],
    new=["    if True:\n", "    if True:\n"],
)

# Mutants that do the same

equivalent(
    "chosen = torch.as_tensor(c, device=x.device) -> chosen = torch.as_tensor(c)",
    "A class on the CPU picks a row of a weight on any device.",
)

equivalent(
    "enlarged = torch.nn.functional.interpolate(places, x.shape[2:], mode='bilinear', "
    "align_corners=False) -> enlarged = torch.nn.functional.interpolate(places, x.shape[2:], "
    "mode='bilinear')",
    "Torch's own default is not to align the corners.",
)

equivalent(
    "return enlarged[:, 0] -> return enlarged[:, -1]",
    "The axis has one element.",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the map of the chapter: it is for one picture and one class, is not enlarged, and leaves the "
    "network in evaluation mode.",
    answer="""
import torch


def class_activation_map(net, x, c):
    net.eval()
    with torch.no_grad():
        maps = net[:-3](x)[0]
        weights = net[-1].weight[c]
        return (weights[:, None, None] * maps).sum(0)
""",
)
