"""Right answers, written differently, for `gradient_norms`."""

right(
    "deepcopy",
    "Works on a deep copy, so that nothing of the original can change.",
    answer="""
import copy

import torch


def gradient_norms(net, batch):
    x, y = batch
    twin = copy.deepcopy(net)
    twin.zero_grad(set_to_none=True)
    with torch.enable_grad():
        torch.nn.CrossEntropyLoss()(twin(x), y).backward()
    found = []
    for name, parameter in twin.named_parameters():
        if parameter.dim() >= 2:
            grad = parameter.grad
            found.append((name, 0.0 if grad is None else float(grad.pow(2).sum().sqrt())))
    return found
""",
)

right(
    "functional_call",
    "Runs the network on copies of its parameters and buffers with functional_call.",
    answer="""
import torch
from torch.func import functional_call


def gradient_norms(net, batch):
    x, y = batch
    with torch.enable_grad():
        copies = {name: p.detach().clone().requires_grad_(p.requires_grad) for name, p in net.named_parameters()}
        buffers = {name: b.detach().clone() for name, b in net.named_buffers()}
        scores = functional_call(net, {**copies, **buffers}, (x,))
        loss = -scores.log_softmax(1).gather(1, y[:, None]).mean()
        loss.backward()
    norms = []
    for name, p in copies.items():
        if p.ndim < 2:
            continue
        norms.append((name, 0.0 if p.grad is None else torch.linalg.vector_norm(p.grad).item()))
    return norms
""",
)

right(
    "named_pairs",
    "Returns named tuples.",
    old="return [(name, 0.0 if gradient is None else gradient.norm().item()) for name, gradient in found]",
    new="pair = __import__('collections').namedtuple('Pair', 'name norm')\n"
    "    return [pair(name, 0.0 if gradient is None else float(gradient.norm())) for name, gradient in found]",
)
