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
