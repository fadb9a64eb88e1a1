"""Cut student code off: seal a zygote once, fork one isolated sandbox per submission, watch it from outside.

    sealed = seal(default_policy("/course/data"))        # in the zygote, early
    import torch; gc.freeze()
    guard = fork_isolated(run, sealed, ProcessLimits(), keep=[channel])
    end = guard.wait()                               # what ended it, and what it used

Imports no torch and nothing of the trusted half. See docs/engine/threat-model.md.
"""

from __future__ import annotations

from .guard import Guard, SandboxEnd, Stop
from .limits import clean_environment
from .policy import LAYERS, Capabilities, Policy, ProcessLimits, default_policy
from .probe import probe
from .sealing import Seal, enter, fork_isolated, seal

__all__ = [
    "LAYERS",
    "Capabilities",
    "Guard",
    "Policy",
    "ProcessLimits",
    "SandboxEnd",
    "Seal",
    "Stop",
    "clean_environment",
    "default_policy",
    "enter",
    "fork_isolated",
    "probe",
    "seal",
]
