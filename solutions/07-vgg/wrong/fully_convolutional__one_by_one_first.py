"""You made the first dense layer a convolution of 1 × 1, which cannot read a whole map."""

import torch


def fully_convolutional(
    features: torch.nn.Module, classifier: torch.nn.Sequential, in_shape: tuple[int, int, int]
) -> torch.nn.Module:
    """Return a network of convolutions that answers as ``classifier`` does, at every place of larger pictures."""
    import copy

    nn = torch.nn
    trunk = copy.deepcopy(features).eval()
    like = next(classifier.parameters())
    with torch.no_grad():
        maps = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))
    window = tuple(maps.shape[1:])
    head: list[nn.Module] = []
    for layer in classifier:
        if not isinstance(layer, nn.Linear):
            head.append(copy.deepcopy(layer))
            continue
        if layer.in_features != window[0] * window[1] * window[2]:
            raise ValueError(f"{layer} does not read maps of {window}")
        conv = nn.Conv2d(window[0], layer.out_features, 1, bias=layer.bias is not None)
        conv.to(layer.weight.device, layer.weight.dtype)
        with torch.no_grad():
            conv.weight.copy_(layer.weight.reshape(layer.out_features, *window).sum((2, 3), keepdim=True))
            if conv.bias is not None:
                conv.bias.copy_(layer.bias)
        head.append(conv)
        window = (layer.out_features, 1, 1)
    return nn.Sequential(trunk, *head).eval()
