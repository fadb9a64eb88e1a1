"""You put the modes back only if nothing goes wrong."""

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
