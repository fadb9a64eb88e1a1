"""conv_transpose2d, with output_padding worked out from both sizes; the loop goes over pairs."""

import torch


class DeconvNet:
    def __init__(self, net):
        self.layers = list(net.children())

    @torch.no_grad()
    def project(self, layer, channel, x):
        f, notes = torch.nn.functional, []
        for module in self.layers[: layer + 1]:
            if isinstance(module, torch.nn.Conv2d):
                y, note = f.conv2d(x, module.weight, module.bias, module.stride, module.padding), None
            elif isinstance(module, torch.nn.ReLU):
                y, note = torch.relu(x), None
            else:
                y, note = f.max_pool2d(x, module.kernel_size, module.stride, return_indices=True)
            notes.append((module, x.shape, note))
            x = y
        back = torch.zeros_like(x)
        for one, picture in zip(back, x, strict=True):
            at = picture[channel].argmax()
            one[channel].view(-1)[at] = picture[channel].reshape(-1)[at]
        while notes:
            module, shape, note = notes.pop()
            if isinstance(module, torch.nn.Conv2d):
                extra = [
                    shape[2 + d]
                    - ((back.shape[2 + d] - 1) * module.stride[d] - 2 * module.padding[d] + module.kernel_size[d])
                    for d in (0, 1)
                ]
                back = f.conv_transpose2d(back, module.weight, None, module.stride, module.padding, extra)
            elif isinstance(module, torch.nn.ReLU):
                back = torch.relu(back)
            else:
                flat = torch.zeros(shape, dtype=back.dtype, device=back.device).flatten(2)
                back = flat.scatter_add_(2, note.flatten(2), back.flatten(2)).view(shape)
        return back
