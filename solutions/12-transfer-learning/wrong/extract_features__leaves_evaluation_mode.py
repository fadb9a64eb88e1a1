"""You left the network in evaluation mode."""

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
