"""Assertions about what a function leaves of a network that it was given."""

from __future__ import annotations

from typing import Any, NamedTuple

from convlab.messages import failure

__all__ = ["NetworkState", "network_kept", "network_state"]


class NetworkState(NamedTuple):
    """What a tool may change in a network and has to put back: a value for each module, parameter and module."""

    modes: list[bool]
    wants_gradient: list[bool]
    hooks: list[int]


def network_state(net: Any) -> NetworkState:
    """Return the mode of each module of ``net``, whether each parameter wants a gradient, and each module's hooks."""
    modules = list(net.modules())
    hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) + len(m._backward_hooks) for m in modules]
    wants_gradient = [parameter.requires_grad for parameter in net.parameters()]
    return NetworkState([module.training for module in modules], wants_gradient, hooks)


def network_kept(net: Any, before: NetworkState, when: str = "afterwards", *, hint: str = "") -> None:
    """Check that ``net`` is in the state ``before``, from ``network_state``.

    Raises:
        CheckFailed: a mode is another one, a hook is there or gone, or a parameter wants a gradient that did not.
    """
    after = network_state(net)
    for was, now, what, cause in (
        (before.modes, after.modes, "The modes", "put back the mode that each module had: they need not be alike."),
        (
            before.wants_gradient,
            after.wants_gradient,
            "Whether a parameter wants a gradient,",
            "torch.no_grad() does without requires_grad_(False).",
        ),
        (before.hooks, after.hooks, "The hooks", "remove those that you made, and no others."),
    ):
        if was != now:
            found = "They are not what they were before your function ran."
            step = "put everything back in a `finally`, so that an error does not leave it."
            raise failure(f"{what} {when}", found, cause=hint or cause, step=step)
