"""Known mistakes of `fine_tune`."""

mistake(
    "any_way",
    'You take every unknown way for "all".',
    old=[
        """
    if way not in ("head", "gentle", "all"):
        raise ValueError(f"no way is called {way!r}")

""",
        "for _epoch in range(epochs):",
    ],
    new=[
        "",
        "for _ in range(epochs):",
    ],
)

mistake(
    "body_in_training_mode",
    'In the way "head" you left the body in training mode: batch normalisation goes on learning.',
    old=[
        'net.train(way != "head")',
        "for _epoch in range(epochs):",
    ],
    new=[
        "net.train()",
        "for _ in range(epochs):",
    ],
)

mistake(
    "body_not_frozen",
    'In the way "head" you did not freeze the body.',
    old=[
        'way != "head" or id(parameter) in own',
        "for _epoch in range(epochs):",
    ],
    new=[
        "True",
        "for _ in range(epochs):",
    ],
)

mistake(
    "forgets_zero_grad",
    "You never cleared the gradients, so those of all batches add up.",
    old=[
        "for _epoch in range(epochs):",
        """
            optimizer.zero_grad()

""",
    ],
    new=[
        "for _ in range(epochs):",
        "",
    ],
)

mistake(
    "gentle_head_too",
    'You lowered the rate of the head as well in the way "gentle".',
    old=[
        'groups = [{"params": list(head.parameters()), "lr": lr}]',
        "for _epoch in range(epochs):",
    ],
    new=[
        'groups = [{"params": list(head.parameters()), "lr": lr / 10 if way == "gentle" else lr}]',
        "for _ in range(epochs):",
    ],
)

mistake(
    "gentle_is_all",
    'You trained the body at the full rate in the way "gentle".',
    old=[
        'lr / 10 if way == "gentle" else lr}',
        "for _epoch in range(epochs):",
    ],
    new=[
        "lr}",
        "for _ in range(epochs):",
    ],
)

mistake(
    "leaves_training_mode",
    "You left the network in training mode.",
    old=[
        "for _epoch in range(epochs):",
        """
    net.eval()

""",
    ],
    new=[
        "for _ in range(epochs):",
        "",
    ],
)

mistake(
    "mean_of_batches",
    "You averaged the losses over batches; a small batch then counts as much as a large one.",
    old=[
        "for _epoch in range(epochs):",
        """
            loss_sum += loss.item() * len(y)
            pictures += len(y)
""",
    ],
    new=[
        "for _ in range(epochs):",
        """
            loss_sum += loss.item()
            pictures += 1
""",
    ],
)

mistake(
    "new_head",
    "You drew a new head; the network comes with its own.",
    old=[
        "    head = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)][-1]",
        "for _epoch in range(epochs):",
    ],
    new=[
        """
    head = [part for part in net.modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)][-1]
    head.reset_parameters()
""",
        "for _ in range(epochs):",
    ],
)

mistake(
    "no_momentum",
    "You left out momentum.",
    old=[
        "optimizer = torch.optim.SGD(groups, lr, momentum=0.9)",
        "for _epoch in range(epochs):",
    ],
    new=[
        "optimizer = torch.optim.SGD(groups, lr)",
        "for _ in range(epochs):",
    ],
)

mistake(
    "one_epoch",
    "You went through the batches once, whatever was asked for.",
    old="for _epoch in range(epochs):",
    new="for _ in range(min(epochs, 1)):",
)

mistake(
    "still_frozen",
    'In the ways "gentle" and "all" you left frozen what was frozen.',
    old=[
        '        parameter.requires_grad_(way != "head" or id(parameter) in own)',
        '            groups.append({"params": [parameter], "lr": lr / 10 if way == "gentle" else lr})',
        "for _epoch in range(epochs):",
    ],
    new=[
        """
        if way == "head":
            parameter.requires_grad_(id(parameter) in own)
""",
        """
            groups.append({"params": [parameter], "lr": lr / 10 if way == "gentle" else lr})
    groups = [group for group in groups if group["params"][0].requires_grad]
""",
        "for _ in range(epochs):",
    ],
)

mistake(
    "tensors",
    "You returned tensors that still hold graphs; plain floats are asked for.",
    old=[
        "for _epoch in range(epochs):",
        "loss_sum += loss.item() * len(y)",
    ],
    new=[
        "for _ in range(epochs):",
        "loss_sum += loss * len(y)",
    ],
)

mistake(
    "changes_before_it_refuses",
    "You had put the network into training mode before you refused the way.",
    old="    if way not in",
    new="""
    net.train()
    if way not in
""",
)

mistake(
    "thaws_before_it_refuses",
    "You had made everything trainable before you refused the way.",
    old="    if way not in",
    new="""
    net.requires_grad_(True)
    if way not in
""",
)

mistake(
    "dense_heads_only",
    "You look for dense layers only; a head may be a convolution.",
    old="torch.nn.Linear | torch.nn.Conv2d",
    new="torch.nn.Linear",
)

mistake(
    "exact_class",
    "You compared types with ==; layers of a derived class are dense layers and convolutions too.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    new="type(part) in (torch.nn.Linear, torch.nn.Conv2d)]",
)

mistake(
    "single_picture_skipped",
    "You skipped batches of one picture.",
    old="            loss = torch",
    new="""
            if len(x) < 2:
                continue
            loss = torch
""",
)

mistake(
    "head_stays_frozen",
    'You froze the body in the way "head" and left a head frozen that had been frozen before.',
    old='parameter.requires_grad_(way != "head" or id(parameter) in own)',
    new='parameter.requires_grad_(way != "head" or (id(parameter) in own and parameter.requires_grad))',
)

mistake(
    "only_norms_in_evaluation_mode",
    'You put the norms of the body into evaluation mode in the way "head", and left its dropout on.',
    old='    net.train(way != "head")',
    new="""
    net.train()
    for part in net.modules() if way == "head" else ():
        if isinstance(part, torch.nn.modules.batchnorm._BatchNorm):
            part.eval()
""",
)

mistake(
    "spoils_its_argument",
    "You emptied the batches when you were done; they stay as they are.",
    old="    net.eval()",
    new="""
    for x, y in batches:
        x.zero_()
        y.zero_()
    net.eval()
""",
)

mistake(
    "weight_decay",
    "You gave the optimizer a weight decay; it has the rates of the table and momentum 0.9, and nothing else.",
    old="momentum=0.9)",
    new="momentum=0.9, weight_decay=1e-4)",
)

mistake(
    "children_only",
    "You looked for the head among the children of the network only; it may be deeper inside.",
    old="for part in net.modules()",
    new="for part in net.children()",
)

mistake(
    "second_layer",
    "You took the second layer for the head; it is the last one.",
    old="if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)][-1]",
    new="if isinstance(part, torch.nn.Linear | torch.nn.Conv2d)][1]",
)

mistake(
    "any_layer_with_weights",
    "You took the last layer that has parameters, whatever it is; the head is a dense layer or a convolution.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)",
    new="list(part.parameters(recurse=False))",
)

mistake(
    "evaluation_mode_after_epochs_only",
    "You put the network into evaluation mode only where there was an epoch.",
    old="    net.eval()\n    return losses",
    new="    if losses:\n        net.eval()\n    return losses",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loop and its two groups: a schedule for the rates, and no losses of epochs.",
    answer="""
import torch
from torch.nn import functional as F


def fine_tune(net, batches, way, epochs, lr, device):
    share = {"head": 0.0, "gentle": 0.1, "all": 1.0}[way]
    groups = [{"params": net[:-1].parameters(), "lr": share * lr}, {"params": net[-1].parameters(), "lr": lr}]
    optimizer = torch.optim.SGD(groups, lr, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    net.train()
    losses = []
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses
""",
)

equivalent(
    "net.to(device) -> pass",
    "The same on the CPU; with the checks' device on a GPU the first step fails.",
)

equivalent(
    "net.to(device) -> net",
    "The same on the CPU; with the checks' device on a GPU the first step fails.",
)

equivalent(
    "groups = [{'params': list(head.parameters()), 'lr': lr}] -> groups = [{'params': head.parameters(), 'lr': lr}]",
    "The optimizer makes a list of what it is given.",
)

equivalent(
    "if way != 'head' and id(parameter) not in own: -> if id(parameter) not in own:",
    "A frozen parameter has no gradient, and the optimizer leaves it alone.",
)

equivalent(
    "optimizer = torch.optim.SGD(groups, lr, momentum=0.9) -> optimizer = torch.optim.SGD(groups, momentum=0.9)",
    "Each group has a rate of its own.",
)

equivalent(
    "loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device)) -> "
    "loss = torch.nn.functional.cross_entropy(net(x), y.to(device))",
    "The same on the CPU; with the checks' device on a GPU the first step fails.",
)

equivalent(
    "loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device)) -> "
    "loss = torch.nn.functional.cross_entropy(net(x.to(device)), y)",
    "The same on the CPU; with the checks' device on a GPU the first step fails.",
)

equivalent(
    "loss_sum += loss.item() * len(y) -> loss_sum = loss_sum + loss.item() * len(y)",
    "A number is added to a number.",
)

equivalent("pictures += len(y) -> pictures = pictures + len(y)", "A number is added to a number.")

equivalent(
    "head.train() -> pass", "A dense layer or convolution does the same in both modes, and all are put back at the end."
)

equivalent(
    "head.train() -> head.eval()",
    "A dense layer or convolution does the same in both modes, and all are put back at the end.",
)
