"""Each layer calls the next one and, when that comes back, goes back itself."""

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
