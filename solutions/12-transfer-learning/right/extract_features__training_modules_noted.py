"""Notes only the modules that train; one row for each picture."""

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
