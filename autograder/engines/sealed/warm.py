"""Make a process cheap to fork. Used by both halves, each in its own warm process.

A fork copies one table entry per touched page of the parent, and the child's end frees them again: 100,000 entries
once torch is loaded, 25 ms in all. Collapsed into huge pages they are 200 entries and 8 ms; pages that a child writes
to are still copied one small page at a time.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re

__all__ = ["collapse_memory", "quiet_threads", "seed_all", "warm_torch"]

_HUGE = 2 << 20
_MADV_HUGEPAGE = 14
_MADV_COLLAPSE = 25  # Linux 6.1
_PRIVATE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ 00:00 0\s*(?:\[heap\])?\n")


def quiet_threads() -> None:
    """Allow one thread per numeric library; call it before torch or numpy is imported."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"


def seed_all(seed: int) -> None:
    """Seed Python, numpy and torch; ``torch.manual_seed`` does the same in 10 ms, since it looks for every device."""
    import random

    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.default_generator.manual_seed(seed)
    if os.environ.get("CONVLAB_DEVICE", "cpu") != "cpu" or torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.manual_seed_all(seed)


def warm_torch() -> None:
    """Run each common kernel once, so that no child pays for its first use, in one thread and without CUDA."""
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    for dtype in (torch.float32, torch.float64):
        x = torch.rand(2, 3, 9, 8, dtype=dtype, requires_grad=True)
        weight = torch.rand(4, 3, 3, 3, dtype=dtype, requires_grad=True)
        y = F.conv2d(F.pad(x, (1, 1, 1, 1)), weight, stride=2)
        windows = x.unfold(2, 3, 1).unfold(3, 3, 1)
        z = torch.einsum("nchwij,ocij->nohw", windows, weight) + F.max_pool2d(x, 3, 1).sum(1, keepdim=True)
        loss = torch.nn.functional.cross_entropy(y.flatten(1), torch.tensor([0, 1])) + z.relu().mean()
        torch.autograd.grad(loss, (x, weight), create_graph=True)[0].sum().backward()  # type: ignore[no-untyped-call]
    seed_all(0)
    torch.allclose(x, x.clone())
    torch.equal(x, x.clone())


def collapse_memory(proc: int | None = None) -> int:
    """Collapse this process's private memory into huge pages where the kernel can; return the bytes collapsed.

    ``proc`` is a descriptor of /proc, for a process that no longer sees one.
    """
    gc.collect()
    gc.freeze()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    done = 0
    try:
        with open(os.open("self/maps" if proc is not None else "/proc/self/maps", os.O_RDONLY, dir_fd=proc)) as file:
            regions = _PRIVATE.findall(file.read())
    except OSError:
        return 0
    for first, last in regions:
        start = -(-int(first, 16) // _HUGE) * _HUGE
        for at in range(start, int(last, 16) // _HUGE * _HUGE, _HUGE):
            libc.madvise(at, _HUGE, _MADV_HUGEPAGE)
            if libc.madvise(at, _HUGE, _MADV_COLLAPSE) == 0:
                done += _HUGE
    return done
