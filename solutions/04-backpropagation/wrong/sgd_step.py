"""Known mistakes of `sgd_step`."""

mistake(
    "adds_decay_to_grad",
    "You added the decay to p.grad in place; the gradient does not belong to the optimizer.",
    old="gradient = p.grad + weight_decay * p",
    new="gradient = p.grad.add_(weight_decay * p).clone()",
)

mistake(
    "climbs",
    "You added the step; the gradient points uphill, and the loss should fall.",
    old="p -= lr * state[i]",
    new="p += lr * state[i]",
)

mistake(
    "counts_only_those_with_gradient",
    "You numbered the velocities among the parameters that have a gradient; when one is missing, the "
    "others get each other's.",
    old="""
        for i, p in enumerate(params):
            if p.grad is None:
                continue
""",
    new="        for i, p in enumerate(p for p in params if p.grad is not None):",
)

mistake(
    "damps_the_gradient",
    "You weighed the new gradient by 1 − momentum; here it counts in full.",
    old="i] + gradient if i",
    new="i] + (1 - momentum) * gradient if i",
)

mistake(
    "decay_as_l1",
    "You let all weights shrink by the same amount; weight decay is in proportion to the weight.",
    old="gradient = p.grad + weight_decay * p",
    new="gradient = p.grad + weight_decay * p.sign()",
)

mistake(
    "decays_after_momentum",
    "You added the decay after the velocity was made, so that it does not build up.",
    old="""
            gradient = p.grad + weight_decay * p
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
""",
    new="""
            gradient = p.grad.clone()
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * (state[i] + weight_decay * p)
""",
)

mistake(
    "decays_apart",
    "You shrank the weights apart from the gradient, as AdamW does; here the decay is a part of the "
    "gradient and goes through the velocity.",
    old="            gradient = p.grad + weight_decay * p",
    new="""
            gradient = p.grad.clone()
            p *= 1 - lr * weight_decay
""",
)

mistake(
    "forgets_the_velocity",
    "You started with a velocity of 0 at every step; keep it in state.",
    old="state[i] = momentum * state[i] + gradient if i in state else gradient",
    new="state = {i: gradient}",
)

mistake(
    "looks_ahead",
    "You made Nesterov's step, which adds momentum times the new velocity to the gradient.",
    old="p -= lr * state[i]",
    new="p -= lr * (gradient + momentum * state[i])",
)

mistake(
    "makes_new_tensors",
    "You wrote p = p − …, which makes a new tensor and leaves the parameter of the network where it was.",
    old="p -= lr * state[i]",
    new="p = p - lr * state[i]",
)

mistake(
    "missing_gradient_is_zero",
    "You took a missing gradient for zero; that parameter then decays and coasts on its velocity, though "
    "it took no part.",
    old="""
            if p.grad is None:
                continue
            gradient = p.grad + weight_decay * p
""",
    new="            gradient = weight_decay * p if p.grad is None else p.grad + weight_decay * p",
)

mistake(
    "one_velocity_for_all",
    "You kept one velocity for all parameters; each needs its own.",
    old=[
        "for i, p in enumerate(params):",
        """
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
""",
    ],
    new=[
        "for p in params:",
        """
            state[0] = momentum * state[0] + gradient if 0 in state and state[0].shape == p.shape else gradient
            p -= lr * state[0]
""",
    ],
)

mistake(
    "rate_in_the_velocity",
    "You multiplied by the learning rate before it went into the velocity, so that old steps keep the "
    "rate they were made with.",
    old="""
            state[i] = momentum * state[i] + gradient if i in state else gradient
            p -= lr * state[i]
""",
    new="""
            state[i] = momentum * state[i] + lr * gradient if i in state else lr * gradient
            p -= state[i]
""",
)

mistake(
    "ready_made",
    "You used an optimizer of torch; here the three formulas are yours to write.",
    answer="""
import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    optimizer = torch.optim.SGD(params, lr=lr, momentum=momentum, weight_decay=weight_decay)
    for i, p in enumerate(params):
        if i in state:
            optimizer.state[p]["momentum_buffer"] = state[i]
    optimizer.step()
    for i, p in enumerate(params):
        if p in optimizer.state and momentum:
            state[i] = optimizer.state[p]["momentum_buffer"].clone()
""",
)

mistake(
    "stops_at_a_missing_gradient",
    "You returned at the first parameter without a gradient; the ones after it have theirs.",
    old="continue",
    new="return",
)

mistake(
    "velocity_is_the_gradient",
    "You kept p.grad itself as the first velocity; when the gradient is set to zero, so is your velocity.",
    answer="""
import torch


def sgd_step(
    params: list[torch.Tensor], lr: float, momentum: float, weight_decay: float, state: dict[int, torch.Tensor]
) -> None:
    with torch.no_grad():
        for i, p in enumerate(params):
            if p.grad is None:
                continue
            gradient = p.grad
            if weight_decay:
                gradient = gradient + weight_decay * p
            if i in state:
                state[i] = momentum * state[i] + gradient
            else:
                state[i] = gradient
            p -= lr * state[i]
""",
)

mistake(
    "zeroes_the_gradients",
    "You set the gradients to zero at the end of the step; that is the business of the training loop.",
    old="            p -= lr * state[i]",
    new="""
            p -= lr * state[i]
            p.grad.zero_()
""",
)

mistake(
    "other_memory",
    "You gave p other memory (p.data = …); what shares its memory does not see the step.",
    old="p -= lr * state[i]",
    new="p.data = p.data - lr * state[i]",
)

mistake(
    "velocities_elsewhere",
    "You keep the velocities on the function, so that a second training goes on with those of the first.",
    old="state[i] = momentum * state[i] + gradient if i in state else gradient",
    new="kept = sgd_step.__dict__\n"
    "            kept[i] = momentum * kept[i] + gradient if i in kept and kept[i].shape == p.shape else gradient\n"
    "            state[i] = kept[i]",
)

mistake(
    "velocities_on_the_parameters",
    "You keep the velocity on the parameter, so that a new, empty state does not begin anew.",
    old="state[i] = momentum * state[i] + gradient if i in state else gradient",
    new="p.velocity = momentum * p.velocity + gradient if hasattr(p, 'velocity') else gradient\n"
    "            state[i] = p.velocity",
)

mistake(
    "keeps_the_step",
    "You keep the step that was made; the velocity is what is multiplied by the learning rate.",
    old=["momentum * state[i]", "            p -= lr * state[i]"],
    new=["momentum / lr * state[i]", "            state[i] = lr * state[i]\n            p -= state[i]"],
)

mistake(
    "leaves_gradients_off",
    "You switch gradients off and not on again.",
    old="    with torch.no_grad():\n",
    new="    torch.set_grad_enabled(False)\n    if True:\n",
)

mistake(
    "returns_the_parameters",
    "You return the parameters, but the statement asks for None.",
    old="            p -= lr * state[i]",
    new="            p -= lr * state[i]\n    return params",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the cell of the chapter: its velocity starts at 0 in every call, and it makes new tensors.",
    answer="""
import torch


def sgd_step(params, lr, momentum, weight_decay, state):
    for w in params:
        v = torch.zeros(2)
        gradient = w.grad + weight_decay * w
        v = momentum * v + gradient
        w = w - lr * v
""",
)
