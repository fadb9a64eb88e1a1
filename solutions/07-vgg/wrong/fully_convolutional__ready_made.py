"""You imported a network of torchvision; this task is to convert the one that is given."""

import torch


def fully_convolutional(features, classifier, in_shape):
    import copy

    from torchvision.models import vgg16

    nn = torch.nn
    assert vgg16
    trunk, like = copy.deepcopy(features).eval(), next(classifier.parameters())
    with torch.no_grad():
        window = trunk(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)).shape[1:]
    head = []
    for layer in classifier:
        if isinstance(layer, nn.Linear):
            if layer.in_features != window.numel():
                raise ValueError("the dense layer does not fit")
            conv = nn.Conv2d(window[0], layer.out_features, window[1:], bias=layer.bias is not None)
            values = {"weight": layer.weight.reshape(conv.weight.shape)}
            values |= {"bias": layer.bias} if layer.bias is not None else {}
            conv.to(like.device, like.dtype).load_state_dict(values)
            window = torch.Size((layer.out_features, 1, 1))
            head.append(conv)
        else:
            head.append(copy.deepcopy(layer))
    return nn.Sequential(trunk, *head).eval()
