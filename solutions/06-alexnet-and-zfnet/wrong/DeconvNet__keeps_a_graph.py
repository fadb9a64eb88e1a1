"""Your result drags a graph along; nothing here needs one."""

import torch


class DeconvNet:
    """Project single units of a Sequential of Conv2d, ReLU and MaxPool2d back to the pixels."""

    def __init__(self, net: torch.nn.Sequential) -> None:
        self.net = net

    def project(self, layer: int, channel: int, x: torch.Tensor) -> torch.Tensor:
        """Return what the strongest unit of ``channel`` in the output of ``net[layer]`` sends back to ``x``."""
        functional = torch.nn.functional
        with torch.enable_grad():
            way, forward = [], x
            for step in list(self.net)[: layer + 1]:
                size, places = forward.shape[2:], None
                if isinstance(step, torch.nn.MaxPool2d):
                    forward, places = functional.max_pool2d(
                        forward, step.kernel_size, step.stride, ceil_mode=step.ceil_mode, return_indices=True
                    )
                elif isinstance(step, torch.nn.ReLU):
                    forward = forward.clamp(min=0)
                else:
                    forward = step(forward)
                way.append((step, size, places))
            strongest = forward[:, channel].flatten(1).argmax(1)
            chosen = functional.one_hot(strongest, forward[0, 0].numel()).view(-1, *forward.shape[2:])
            signal = torch.zeros_like(forward)
            signal[:, channel] = forward[:, channel] * chosen
            for step, size, places in reversed(way):
                if isinstance(step, torch.nn.MaxPool2d):
                    flat = signal.new_zeros(*signal.shape[:2], size[0] * size[1])
                    signal = flat.scatter_add(2, places.flatten(2), signal.flatten(2)).view(*signal.shape[:2], *size)
                elif isinstance(step, torch.nn.ReLU):
                    signal = signal.clamp(min=0)
                else:
                    signal = torch.nn.grad.conv2d_input(
                        (len(x), step.in_channels, *size), step.weight, signal, step.stride, step.padding
                    )
            return signal
