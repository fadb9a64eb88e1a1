"""Right answers, written differently, for `extract_features`."""

right(
    "inference_on_a_copy",
    "Works with a copy of the network.",
    answer="""
import copy

import torch


@torch.no_grad()
def extract_features(net, batches):
    still, found = copy.deepcopy(net).eval(), []
    device = next((p.device for p in still.parameters()), None)
    for x, y in batches:
        out = still(x.to(device) if device is not None else x)
        found.append((out.reshape(len(x), -1).to("cpu"), y.to("cpu")))
    features, labels = zip(*found, strict=True)
    return torch.cat(features), torch.cat(labels)
""",
)

right(
    "training_modules_noted",
    "Notes only the modules that train; one row for each picture.",
    answer="""
import torch


def extract_features(net, batches):
    training = [module for module in net.modules() if module.training]
    parameters = list(net.parameters())
    rows, labels = [], []
    try:
        net.train(False)
        for x, y in batches:
            if parameters:
                x = x.to(parameters[0].device)
            with torch.no_grad():
                out = net(x)
            rows += [row.flatten().cpu() for row in out]
            labels.append(y.cpu())
    finally:
        for module in training:
            module.training = True
    return torch.stack(rows), torch.cat(labels)
""",
)

right(
    "inference_mode",
    "Runs the network under inference_mode, as a decorated inner function.",
    answer="""
import torch


def extract_features(net, batches):
    @torch.inference_mode()
    def run(x):
        return net(x).flatten(start_dim=1).cpu()

    modes = [m.training for m in net.modules()]
    where = {p.device for p in net.parameters()}
    pairs = []
    try:
        net.eval()
        for x, y in batches:
            pairs.append((run(x.to(where.copy().pop()) if where else x), y.cpu()))
    finally:
        for m, mode in zip(net.modules(), modes, strict=True):
            m.training = mode
    return torch.cat([f for f, _ in pairs]), torch.cat([y for _, y in pairs])
""",
)

right(
    "all_at_once",
    "Sends all pictures through the network as one batch.",
    answer="""
@torch.no_grad()
def extract_features(net, batches):
    before = [(module, module.training) for module in net.modules()]
    try:
        net.eval()
        pairs = [(x, y) for x, y in batches]
        x = torch.cat([x for x, _ in pairs])
        for parameter in net.parameters():
            x = x.to(parameter.device)
            break
        return net(x).flatten(start_dim=1).cpu(), torch.cat([y for _, y in pairs]).cpu()
    finally:
        for module, mode in before:
            module.training = mode
""",
)
