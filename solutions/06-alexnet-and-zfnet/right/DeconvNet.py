"""Right answers, written differently, for `DeconvNet`."""

right(
    "output_padding",
    "conv_transpose2d, with output_padding worked out from both sizes; the loop goes over pairs.",
    answer="""
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
""",
)

right(
    "recursive",
    "Each layer calls the next one and, when that comes back, goes back itself.",
    answer="""
import torch


class DeconvNet(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def project(self, layer, channel, x):
        with torch.no_grad():
            return self._through(0, layer, channel, x.clone())

    def _through(self, at, layer, channel, x):
        if at > layer:
            keep = torch.zeros_like(x)
            best = x[:, channel].flatten(1).max(1)
            keep[:, channel].flatten(1)
            rows = torch.arange(len(x), device=x.device)
            keep[rows, channel, best.indices // x.shape[3], best.indices % x.shape[3]] = best.values
            return keep
        step = self.net[at]
        if isinstance(step, torch.nn.ReLU):
            back = self._through(at + 1, layer, channel, x.relu())
            return torch.where(back > 0, back, 0)
        if isinstance(step, torch.nn.Conv2d):
            back = self._through(at + 1, layer, channel, step(x))
            rest = [(x.shape[2 + d] + 2 * step.padding[d] - step.kernel_size[d]) % step.stride[d] for d in (0, 1)]
            return torch.conv_transpose2d(back, step.weight, None, step.stride, step.padding, rest)
        y, places = torch.nn.functional.max_pool2d(x, step.kernel_size, step.stride, return_indices=True)
        back = self._through(at + 1, layer, channel, y)
        rows, columns = places // x.shape[3], places % x.shape[3]
        picture = torch.arange(len(x), device=x.device)[:, None, None, None]
        maps = torch.arange(x.shape[1], device=x.device)[:, None, None]
        return torch.zeros_like(x).index_put_((picture, maps, rows, columns), back, accumulate=True)
""",
)
