"""Dispatch: send submissions to workers through Dask, on this machine or on a cluster, and lose none.

    cluster.py     workers on this machine, or a scheduler's address; what Dask says is kept quiet
    worker.py      what runs in a worker: it keeps a warm grader and takes one submission at a time
    dispatcher.py  the coordinator's loop: a bounded number in flight, results as they come, failures named

Importing this package imports no dask.
"""

from autograder.errors import EngineError

__all__ = ["Ungraded"]


class Ungraded(EngineError):
    """Say why one submission could not be graded where others can be."""
