"""Known mistakes of `extract_features`."""

mistake(
    "float32",
    "You turned the features into float32.",
    old="features.append(net(x).flatten(1).cpu())",
    new="features.append(net(x).flatten(1).float().cpu())",
)

mistake(
    "in_training_mode",
    "You left the network in training mode: dropout drops, and batch normalisation learns.",
    old="""
    net.eval()

""",
    new="",
)

mistake(
    "last_batch_lost",
    "You dropped batches that are smaller than the first.",
    old="                x = x if first is None else x.to(first.device)",
    new="""
                x = x if first is None else x.to(first.device)
                if features and len(x) < len(features[0]):
                    continue
""",
)

mistake(
    "leaves_evaluation_mode",
    "You left the network in evaluation mode.",
    answer="""
import torch


def extract_features(net, batches):
    net.eval()
    first = next(net.parameters(), None)
    features, labels = [], []
    with torch.no_grad():
        for x, y in batches:
            features.append(net(x if first is None else x.to(first.device)).flatten(1).cpu())
            labels.append(y.cpu())
    return torch.cat(features), torch.cat(labels)
""",
)

mistake(
    "mean_over_places",
    "You took the mean of each map; all its values are features here.",
    old="features.append(net(x).flatten(1).cpu())",
    new="features.append(net(x).flatten(2).mean(2).cpu())",
)

mistake(
    "not_after_an_error",
    "You put the modes back only if nothing goes wrong.",
    answer="""
import torch


def extract_features(net, batches):
    modes = [(module, module.training) for module in net.modules()]
    first = next(net.parameters(), None)
    features, labels = [], []
    net.eval()
    with torch.no_grad():
        for x, y in batches:
            features.append(net(x if first is None else x.to(first.device)).flatten(1).cpu())
            labels.append(y.cpu())
    for module, mode in modes:
        module.training = mode
    return torch.cat(features), torch.cat(labels)
""",
)

mistake(
    "one_mode_for_all",
    "You put all modules back into the mode of the whole network.",
    old="""
        for module, mode in modes.items():
            module.training = mode
""",
    new="        net.train(modes[net])",
)

mistake(
    "records_gradients",
    "You recorded gradients for features that nobody trains.",
    old="with torch.no_grad():",
    new="with torch.enable_grad():",
)

mistake(
    "twice",
    "You sent each picture through the network twice.",
    old="                x = x if first is None else x.to(first.device)",
    new="""
                x = x if first is None else x.to(first.device)
                net(x)
""",
)

mistake(
    "freezes_the_network",
    "You froze the network to have no gradients, and left it frozen.",
    old="    net.eval()",
    new="    net.eval().requires_grad_(False)",
)

mistake(
    "batches_twice",
    "You walked through the batches twice; a generator is empty the second time.",
    old="    return torch.cat(features), torch.cat(labels)",
    new="    return torch.cat(features), torch.cat([y.cpu() for _, y in batches])",
)

mistake(
    "all_training_after_an_error",
    "You put all modules into training mode after an error, also those that were not in it.",
    old="""
    try:
        with torch.no_grad():
            for x, y in batches:
                x = x if first is None else x.to(first.device)
                features.append(net(x).flatten(1).cpu())
                labels.append(y.cpu())
    finally:
        for module, mode in modes.items():
            module.training = mode
""",
    new="""
    try:
        with torch.no_grad():
            for x, y in batches:
                x = x if first is None else x.to(first.device)
                features.append(net(x).flatten(1).cpu())
                labels.append(y.cpu())
    except BaseException:
        net.train()
        raise
    for module, mode in modes.items():
        module.training = mode
""",
)

mistake(
    "error_of_the_network_only",
    "You put the modes back when the network fails, but not when the batches do.",
    old="""
    try:
        with torch.no_grad():
            for x, y in batches:
                x = x if first is None else x.to(first.device)
                features.append(net(x).flatten(1).cpu())
                labels.append(y.cpu())
    finally:
        for module, mode in modes.items():
            module.training = mode
""",
    new="""
    for x, y in batches:
        x = x if first is None else x.to(first.device)
        try:
            with torch.no_grad():
                features.append(net(x).flatten(1).cpu())
        except BaseException:
            for module, mode in modes.items():
                module.training = mode
            raise
        labels.append(y.cpu())
    for module, mode in modes.items():
        module.training = mode
""",
)

mistake(
    "spoils_its_argument",
    "You emptied the pictures and labels that were given; the batches stay as they are.",
    old="                labels.append(y.cpu())",
    new="""
                labels.append(y.clone())
                x.zero_()
                y.zero_()
""",
)

mistake(
    "single_picture_skipped",
    "You skipped batches of one picture.",
    old="                x = x if first is None else x.to(first.device)",
    new="""
                if len(x) < 2:
                    continue
                x = x if first is None else x.to(first.device)
""",
)

mistake(
    "squeezed",
    "You squeezed the maps; with one picture, or with maps of one place, other axes vanish.",
    old="net(x).flatten(1).cpu()",
    new="net(x).flatten(1).squeeze().cpu()",
)

mistake(
    "gradients_off_for_good",
    "You switched gradients off and left them off.",
    old="with torch.no_grad():",
    new="torch.set_grad_enabled(False)\n        if True:",
)

mistake(
    "gradients_on_for_good",
    "You switched gradients on at the end, also where they had been off.",
    old=["with torch.no_grad():", "            module.training = mode"],
    new=[
        "torch.set_grad_enabled(False)\n        if True:",
        "            module.training = mode\n        torch.set_grad_enabled(True)",
    ],
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's lines: one batch after the other, and the network stays in evaluation mode.",
    answer="""
import torch


@torch.no_grad()
def outputs(part, x):
    return part.eval()(x)


def extract_features(net, batches):
    pairs = [(outputs(net, x).flatten(1), y) for x, y in batches]
    return torch.cat([x for x, _ in pairs]), torch.cat([y for _, y in pairs])
""",
)

equivalent("features, labels = ([], []) -> labels, features = ([], [])", "Both are empty lists.")

equivalent(
    "x = x if first is None else x.to(first.device) -> x = x",
    "The same where network and pictures are on one device; with the checks' device on a GPU the first batch fails.",
)

equivalent(
    "x = x if first is None else x.to(first.device) -> x = x if first is None else x",
    "The same where network and pictures are on one device; with the checks' device on a GPU the first batch fails.",
)

equivalent(
    "features.append(net(x).flatten(1).cpu()) -> features.append(net(x).flatten(1))",
    "The same where the network is on the CPU; with the checks' device on a GPU the values fail.",
)

equivalent(
    "labels.append(y.cpu()) -> labels.append(y)",
    "The same for labels on the CPU, as the checks give them everywhere.",
)
