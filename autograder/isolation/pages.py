"""Make forking a warm zygote cheap: gather its memory into huge pages, so that a fork copies few page tables.

Runs in the zygote after its imports, before the first fork. A sandbox that writes to such memory still copies only
the small pages that it touches. Source: madvise(2), MADV_COLLAPSE (Linux 6.1).
"""

from __future__ import annotations

import os

from . import kernel

__all__ = ["collapse_pages"]

_HUGE = 2 << 20
_MADV_COLLAPSE = 25


def collapse_pages(proc: int) -> int:
    """Gather this process's private writable memory into huge pages and return how many bytes were gathered.

    ``proc`` is a descriptor of a /proc that shows this process. Takes seconds for some hundred megabytes; where the
    kernel cannot, nothing happens and 0 returns.
    """
    fd = os.open("self/maps", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    with os.fdopen(fd) as file:
        rows = [line.split() for line in file]
    gathered = 0
    for addresses, rights, _, _, inode, *name in rows:
        if not rights.startswith("rw-p") or inode != "0" or name not in ([], ["[heap]"]):
            continue
        start, end = (int(address, 16) for address in addresses.split("-"))
        start, end = -(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE
        for at in range(start, end, _HUGE):  # one by one: a page that cannot be gathered stops no other
            try:
                kernel.madvise(at, _HUGE, _MADV_COLLAPSE)
            except OSError:
                continue
            gathered += _HUGE
    return gathered
