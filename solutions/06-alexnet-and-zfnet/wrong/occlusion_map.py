"""Known mistakes of `occlusion_map`."""

mistake(
    "class_of_the_first",
    "You used the class of the first picture for all of them.",
    old="target[:, None])[:",
    new="target[:1, None].expand(len(pictures), 1))[:",
)

mistake(
    "class_that_is_named",
    "You followed the class that the network names; the class is given.",
    old="gather(1, target[:, None])[:, 0]",
    new="amax(1)",
)

mistake(
    "covers_the_input",
    "You covered the pictures themselves, and never uncovered them.",
    old=[
        "        with torch.no_grad():",
        "covered = x.clone()",
        "return (chance(x) - torch",
    ],
    new=[
        """
        with torch.no_grad():
            before = chance(x)
""",
        "covered = x",
        "return (before - torch",
    ],
)

mistake(
    "first_channel_only",
    "Your patch covers the first channel only.",
    old="covered[:, :, top : top + high, left : left + wide] = 0",
    new="covered[:, 0, top : top + high, left : left + wide] = 0",
)

mistake(
    "float32",
    "You collect in float32, whatever the network gives.",
    old="found.append(chance(covered))",
    new="found.append(chance(covered).float())",
)

mistake(
    "gray_patch",
    "Your patch is the mean of the picture; the patch is 0.",
    old="covered[:, :, top : top + high, left : left + wide] = 0",
    new="covered[:, :, top : top + high, left : left + wide] = x.mean()",
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
    "keeps_a_graph",
    "You work with gradients switched on, so the result drags a graph along.",
    old="with torch.no_grad():",
    new="with torch.enable_grad():",
)

mistake(
    "leaves_evaluation_mode",
    "You left the network in evaluation mode.",
    answer="""
import torch


def occlusion_map(net, x, target, size, stride):
    (high, wide), (down, right) = ((v, v) if isinstance(v, int) else v for v in (size, stride))
    tops, lefts = range(0, x.shape[2] - high + 1, down), range(0, x.shape[3] - wide + 1, right)
    net.eval()
    with torch.no_grad():
        before = net(x).softmax(1).gather(1, target[:, None])[:, 0]
        result = x.new_zeros(len(x), len(tops), len(lefts))
        for i, top in enumerate(tops):
            for j, left in enumerate(lefts):
                covered = x.clone()
                covered[:, :, top : top + high, left : left + wide] = 0
                result[:, i, j] = before - net(covered).softmax(1).gather(1, target[:, None])[:, 0]
    return result
""",
)

mistake(
    "one_mode_for_all",
    "You put all modules back into the mode of the whole network; some were frozen on purpose.",
    old="""
        for module, mode in modes.items():
            module.training = mode
""",
    new="        net.train(modes[net])",
)

mistake(
    "patches_over_the_border",
    "You put patches at every multiple of the stride, also where they do not fit into the picture.",
    old="] - high + 1, down), range(0, x.shape[3] - wide + 1,",
    new="], down), range(0, x.shape[3],",
)

mistake(
    "scores",
    "You compared scores; the fall of the probability is asked for.",
    old=".softmax(1).gather",
    new=".gather",
)

mistake(
    "share_of_the_probability",
    "You divided by the probability before; the plain difference is asked for.",
    old="chance(x) - torch.stack(found",
    new="1 - torch.stack(found) / chance(x",
)

mistake(
    "sign",
    "You subtracted the other way round: a place that matters should be positive.",
    old="chance(x) - torch.stack(found",
    new="torch.stack(found) - chance(x",
)

mistake(
    "stride_is_the_size",
    "You move the patch by its own size and ignore the stride.",
    old="size, stride))",
    new="size, size))",
)

mistake(
    "transposed",
    "Your map has columns first.",
    old="            return (chance(x) - torch.stack(found)).T.reshape(len(x), len(tops), len(lefts))",
    new="""
            return (
                (chance(x) - torch.stack(found))
                .T.reshape(len(x), len(tops), len(lefts))
                .transpose(1, 2)
                .reshape(len(x), len(tops), len(lefts))
            )
""",
)

mistake(
    "width_first",
    "You read pairs as (width, height); height comes first.",
    old="high, wide), (down, right",
    new="wide, high), (right, down",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="        with torch.no_grad():\n",
    new="        torch.set_grad_enabled(False)\n        if True:\n",
)

mistake(
    "freezes_the_network",
    "You froze the network.",
    old="    net.eval()\n",
    new="    net.eval().requires_grad_(False)\n",
)

mistake(
    "leaves_a_hook",
    "You left a hook in the network.",
    old="    net.eval()\n",
    new="    net.eval().register_forward_hook(lambda module, args, output: None)\n",
)

mistake(
    "spoils_its_argument",
    "You set the pictures to 0 in place.",
    old="    net.eval()\n",
    new="    net.eval()\n    x.zero_()\n",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's occlusion for one picture: sigmoid, the mean over patches, and one class for all.",
    answer="""
import torch


def occlusion_map(net, x, target, size, stride):
    found = []
    for picture, kind in zip(x, target, strict=True):
        side = picture.shape[-1]
        starts = range(0, side - size + 1, stride)
        places = [(slice(i, i + size), slice(j, j + size)) for i in starts for j in starts]
        pictures = picture.repeat(len(places), 1, 1, 1)
        for one, (rows, columns) in zip(pictures, places, strict=True):
            one[:, rows, columns] = 0.0
        with torch.no_grad():
            whole = net(picture[None])[:, kind].sigmoid()
            falls = whole - net(pictures)[:, kind].sigmoid()
        total, count = torch.zeros(2, side, side)
        for fall, (rows, columns) in zip(falls, places, strict=True):
            total[rows, columns] += fall
            count[rows, columns] += 1
        found.append((total / count).relu())
    return torch.stack(found)
""",
)

# Mutants that do the same

equivalent(
    "return net(pictures).softmax(1).gather(1, target[:, None])[:, 0] -> return "
    "net(pictures).softmax(1).gather(1, target[:, None])[:, -1]",
    "The axis has one element.",
)

equivalent(
    "return (chance(x) - torch.stack(found)).T.reshape(len(x), len(tops), len(lefts)) -> return "
    "(chance(x) - torch.stack(found)).T.view(len(x), len(tops), len(lefts))",
    "Only the last axis is split, which a view can do whatever the strides.",
)
