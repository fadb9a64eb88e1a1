"""Known mistakes of `DeconvNet`."""

mistake(
    "absolute_maximum",
    "You chose the unit with the largest absolute value; the largest value is asked for.",
    old="strongest = forward[:, channel].flatten(1).argmax(1)",
    new="strongest = forward[:, channel].flatten(1).abs().argmax(1)",
)

mistake(
    "all_channels",
    "You kept the other channels at the place of the maximum; all of them become 0.",
    old="signal[:, channel] = forward[:, channel] * chosen",
    new="signal = forward * chosen[:, None]",
)

mistake(
    "by_autograd",
    "You let automatic differentiation go back; this task is to go back layer by layer.",
    answer="""
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
""",
)

mistake(
    "clears_gradients",
    "You cleared the gradients of the network; they belong to whoever trains it.",
    old="            way, forward = [], x",
    new="""
            way, forward = [], x
            self.net.zero_grad()
""",
)

mistake(
    "flips_the_kernel",
    "You turned the kernels over before the transposed convolution, which turns them over by itself.",
    old="step.weight, signal",
    new="step.weight.flip(2, 3), signal",
)

mistake(
    "float32",
    "Your signal is float32, whatever the network is.",
    old=[
        "signal = torch.zeros_like(forward)",
        "                        (len(x), step.in_channels, *size), step.weight, signal, step.stride, step.padding",
    ],
    new=[
        "signal = torch.zeros(forward.shape, device=forward.device)",
        """
                        (len(x), step.in_channels, *size),
                        step.weight,
                        signal.to(step.weight.dtype),
                        step.stride,
                        step.padding,
""",
    ],
)

mistake(
    "forgets_the_rest",
    "Where a stride left a rest, your result is smaller than the picture.",
    old="""
                    signal = torch.nn.grad.conv2d_input(
                        (len(x), step.in_channels, *size), step.weight, signal, step.stride, step.padding
                    )
""",
    new="                    signal = functional.conv_transpose2d(signal, step.weight, None, step.stride, step.padding)",
)

mistake(
    "guided_backprop",
    "You set to 0 what the ReLU stopped on the way forward as well; that is guided backpropagation.",
    old=[
        """
                    )
                elif isinstance(step, torch.nn.ReLU):
""",
        "signal = signal.clamp(min=0)",
    ],
    new=[
        """
                    )
                elif isinstance(step, torch.nn.ReLU):
                    places = forward > 0
""",
        "signal = signal.clamp(min=0) * places",
    ],
)

mistake(
    "keeps_a_graph",
    "Your result drags a graph along; nothing here needs one.",
    old="with torch.no_grad():",
    new="with torch.enable_grad():",
)

mistake(
    "layer_not_included",
    "You begin below net[layer]; it takes part too, forward and back.",
    old="for step in list(self.net)[: layer + 1]:",
    new="for step in list(self.net)[: max(layer, 1)]:",
)

mistake(
    "no_rectifying",
    "You pass negative values through the ReLUs on the way back.",
    old="signal = signal.clamp(min=0)",
    new="pass",
)

mistake(
    "one_for_the_value",
    "You sent 1 back in place of the value of the unit.",
    old="signal[:, channel] = forward[:, channel] * chosen",
    new="signal[:, channel] = chosen.to(forward.dtype)",
)

mistake(
    "one_unit_for_the_batch",
    "You chose one unit for the whole batch; each picture has its own.",
    old="signal[:, channel] = forward[:, channel] * chosen",
    new="signal[:, channel] = forward[:, channel] * chosen[:1]",
)

mistake(
    "plain_gradient",
    "You let through what the ReLU let through on the way forward; that is the gradient, not the deconvnet.",
    old=[
        """
                    )
                elif isinstance(step, torch.nn.ReLU):
""",
        "signal = signal.clamp(min=0)",
    ],
    new=[
        """
                    )
                elif isinstance(step, torch.nn.ReLU):
                    places = forward > 0
""",
        "signal = signal * places",
    ],
)

mistake(
    "size_of_the_short_way",
    "You gave back the smallest size that fits and filled up on the wrong side, so the picture is shifted "
    "where a stride left a rest.",
    old="""
                    signal = torch.nn.grad.conv2d_input(
                        (len(x), step.in_channels, *size), step.weight, signal, step.stride, step.padding
                    )
""",
    new="""
                    small = functional.conv_transpose2d(signal, step.weight, None, step.stride, step.padding)
                    signal = functional.pad(small, (size[1] - small.shape[3], 0, size[0] - small.shape[2], 0))
""",
)

mistake(
    "subtracts_the_bias",
    "You took the bias off on the way back; the transposed convolution has none.",
    old="""
                    signal = signal.clamp(min=0)
                else:
""",
    new="""
                    signal = signal.clamp(min=0)
                else:
                    if step.bias is not None:
                        signal = signal - step.bias[:, None, None]
""",
)

mistake(
    "unpooling_keeps_one",
    "You unpool with torch's max_unpool2d: where windows overlap it keeps one of the values.",
    old="""
                    flat = signal.new_zeros(*signal.shape[:2], size[0] * size[1])
                    signal = flat.scatter_add(2, places.flatten(2), signal.flatten(2)).view(*signal.shape[:2], *size)
""",
    new="                    signal = functional.max_unpool2d(signal, places, step.kernel_size, step.stride, output_size=size)",
)

mistake(
    "unpools_without_switches",
    "You spread each value over its window; it belongs at its switch.",
    old="""
            for step, size, places in reversed(way):
                if isinstance(step, torch.nn.MaxPool2d):
                    flat = signal.new_zeros(*signal.shape[:2], size[0] * size[1])
                    signal = flat.scatter_add(2, places.flatten(2), signal.flatten(2)).view(*signal.shape[:2], *size)
""",
    new="""
            for step, size, _ in reversed(way):
                if isinstance(step, torch.nn.MaxPool2d):
                    signal = functional.interpolate(signal, size=size)
""",
)

mistake(
    "whole_channel",
    "You sent the whole channel back; only its largest value goes.",
    old="""
            strongest = forward[:, channel].flatten(1).argmax(1)
            chosen = functional.one_hot(strongest, forward[0, 0].numel()).view(-1, *forward.shape[2:])
            signal = torch.zeros_like(forward)
            signal[:, channel] = forward[:, channel] * chosen
""",
    new="""
            signal = torch.zeros_like(forward)
            signal[:, channel] = forward[:, channel]
""",
)

mistake(
    "works_in_place",
    "You ran ReLUs that work in place, and so changed the pictures.",
    old="forward = forward.clamp(min=0)",
    new="forward = step(forward)",
)

mistake(
    "spoils_its_argument",
    "You set the pictures to 0 in place.",
    old="        functional = torch.nn.functional\n",
    new="        functional = torch.nn.functional\n        x.data.zero_()\n",
)

mistake(
    "leaves_hooks",
    "You left a hook in the network.",
    old="        self.net = net\n",
    new="        self.net = net\n        net[0].register_forward_hook(lambda module, args, output: None)\n",
)

mistake(
    "evaluation_mode",
    "You left the network in evaluation mode.",
    old="        self.net = net\n",
    new="        self.net = net.eval()\n",
)

mistake(
    "freezes_the_network",
    "You froze the network.",
    old="        self.net = net\n",
    new="        self.net = net.requires_grad_(False)\n",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="        with torch.no_grad():\n            way",
    new="        torch.set_grad_enabled(False)\n        if True:\n            way",
)

mistake(
    "changes_the_relus",
    "You switched inplace off in the ReLUs of the network.",
    old="                    forward = forward.clamp(min=0)\n",
    new="                    step.inplace = False\n                    forward = step(forward)\n",
)

mistake(
    "last_of_equals",
    "You took the last of several largest values.",
    old="forward[:, channel].flatten(1).argmax(1)",
    new="(forward[0, 0].numel() - 1 - forward[:, channel].flatten(1).flip(1).argmax(1))",
)

mistake(
    "one_network_for_all",
    "You kept the network on the class, so that a second object changes the first.",
    old="        self.net = net",
    new="        DeconvNet.net = net",
)

mistake(
    "float32_on_the_way_back",
    "You made a float32 tensor on the way back through a pooling.",
    old="signal.new_zeros(",
    new="torch.zeros(",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's backward pass with hooks; this task is to go back without automatic differentiation.",
    answer="""
import torch
from torch import nn


class DeconvNet:
    def __init__(self, net):
        self.net = net

    def project(self, layer, channel, x):
        layers = self.net[: layer + 1]

        def at_relu(module, plain, above):
            return (above[0].clamp(min=0),)

        hooks = [part.register_full_backward_hook(at_relu) for part in layers if isinstance(part, nn.ReLU)]
        pixels = x.clone().requires_grad_()
        (back,) = torch.autograd.grad(layers(pixels)[0, channel].max(), pixels)
        for hook in hooks:
            hook.remove()
        return back
""",
)

# Mutants that do the same

equivalent(
    "for step in list(self.net)[:layer + 1]: -> for step in self.net[:layer + 1]:",
    "A slice of a Sequential goes through the same layers.",
)

equivalent(
    "forward, places = functional.max_pool2d(forward, step.kernel_size, step.stride, "
    "ceil_mode=step.ceil_mode, return_indices=True) -> forward, places = functional.max_pool2d(forward, "
    "step.kernel_size, step.stride, return_indices=True)",
    "The statement leaves ceil_mode out: it is False.",
)

equivalent(
    "chosen = functional.one_hot(strongest, forward[0, 0].numel()).view(-1, *forward.shape[2:]) -> "
    "chosen = functional.one_hot(strongest, forward[-1, 0].numel()).view(-1, *forward.shape[2:])",
    "All pictures and channels have the same number of places.",
)

equivalent(
    "chosen = functional.one_hot(strongest, forward[0, 0].numel()).view(-1, *forward.shape[2:]) -> "
    "chosen = functional.one_hot(strongest, forward[0, -1].numel()).view(-1, *forward.shape[2:])",
    "All pictures and channels have the same number of places.",
)

equivalent(
    "signal = signal.clamp(min=0) -> signal = signal.clamp_(min=0)",
    "Nobody else holds the signal: each step back makes a new one.",
)
