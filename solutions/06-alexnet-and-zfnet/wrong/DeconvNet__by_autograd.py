"""You let automatic differentiation go back; this task is to go back layer by layer."""

import torch


class DeconvNet:
    def __init__(self, net):
        self.net = net

    def project(self, layer, channel, x):
        class Rectify(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return x.clamp(min=0)

            @staticmethod
            def backward(ctx, grad):
                return grad.clamp(min=0)

        with torch.enable_grad():
            start = out = x.detach().clone().requires_grad_()
            for step in list(self.net)[: layer + 1]:
                out = Rectify.apply(out) if isinstance(step, torch.nn.ReLU) else step(out)
            values = out[:, channel].flatten(1)
            top = values.max(1)
            up = torch.zeros_like(out)
            for n in range(len(x)):
                up[n, channel].view(-1)[top.indices[n]] = top.values[n].detach()
            return torch.autograd.grad(out, start, up)[0]
