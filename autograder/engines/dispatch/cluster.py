"""The workers: processes on this machine, or whatever is connected to a scheduler elsewhere."""

from __future__ import annotations

import contextlib
import logging
import math
import signal
import threading
import warnings
from collections.abc import Iterator
from typing import Any

from autograder.errors import UsageError

__all__ = ["Cluster", "connected"]

_ANSWER_SECONDS = 20  # for a scheduler to answer at all
_QUIET = 1 + logging.CRITICAL
_SETTINGS = {
    "logging": {"distributed": "critical", "tornado": "critical"},
    "distributed.worker.profile.enabled": False,  # a hundred stack samples a second, which nobody reads
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "1s",  # fifty looks a second at each loop's delays, which we do not log
    "distributed.scheduler.worker-saturation": 1.0,  # a worker holds what it grades, so that none else is blamed
    "distributed.scheduler.allowed-failures": 1,
    "distributed.deploy.lost-worker-timeout": "5 minutes",  # one that died is started again, which may take its time
}


class Cluster:
    """A client of a scheduler. ``local`` is the cluster that we started, if we did; it may grow to ``most`` threads,
    ``together`` of them in a process."""

    def __init__(self, client: Any, local: Any = None, most: int = 0, together: int = 1) -> None:
        self.client = client
        self.local = local
        self.most = most
        self.together = together
        self._asked = 0

    def want(self, count: int) -> None:
        """Start processes of our own until ``count`` threads are there, or as many as allowed; return immediately."""
        count = math.ceil(min(count, self.most) / self.together)
        if self.local is not None and count > self._asked:
            self._asked = count
            self.local.scale(count)

    def replace_lost(self) -> None:
        """Restart workers of our own that Dask has given up; return immediately.

        Dask gives up a worker that takes too long to start, or to reconnect, on an overloaded machine.
        """
        if self.local is not None:
            self.local.loop.add_callback(self._replace_closed)

    def _replace_closed(self) -> None:
        closed = [name for name, worker in self.local.workers.items() if worker.status.name in ("closed", "failed")]
        for name in closed:
            del self.local.workers[name]
        if self.local.status.name == "running" and set(self.local.worker_spec) - set(self.local.workers):
            self.local.scale(self._asked)

    def threads(self) -> int:
        """Return how many submissions can be graded at a time, now or as soon as our own workers are up."""
        if self.local is not None:
            return self.most
        return sum(self.client.nthreads().values())


@contextlib.contextmanager
def connected(
    workers: int, scheduler: str | None = None, resources: dict[str, float] | None = None, together: int = 1
) -> Iterator[Cluster]:
    """Give a cluster: of up to ``workers`` threads started here, or the one at the address ``scheduler``.

    ``together`` of the threads share a process. ``resources`` is what each thread started here may take, as Dask names
    it; processes elsewhere say it themselves.

    Raises:
        UsageError: nothing answers at ``scheduler``, or it needs a certificate.
    """
    with _quiet(), contextlib.ExitStack() as stack:
        from distributed import Client, LocalCluster, Security

        if scheduler is not None:
            certificates: Any = Security()  # type: ignore[no-untyped-call]
            named = certificates.get_connection_args("client")["ssl_context"] is not None
            if scheduler.startswith("tls://") and not named:
                raise UsageError(
                    f"The scheduler at {scheduler} asks for a certificate, and none is named.",
                    "Set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY "
                    "(docs/clusters.md).",
                )
            yield Cluster(stack.enter_context(_client(Client, scheduler)))
            return
        # The signal mask is inherited: Ctrl-C is for us alone to see, also while a worker is only starting.
        masked = threading.current_thread() is threading.main_thread()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masked else set()
        together = max(1, min(together, workers))
        try:
            local = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=0,
                threads_per_worker=together,
                processes=True,
                host="127.0.0.1",
                protocol="tls://",
                security=True,
                dashboard_address=None,
                worker_dashboard_address=None,
                silence_logs=_QUIET,
                memory_limit=0,  # a worker itself is small; what students use is limited in the sandbox
                death_timeout="60s",  # for one that comes up when we are already dead, or on a very busy machine
                resources={name: amount * together for name, amount in (resources or {}).items()} or None,
            )
        finally:
            if masked:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        stack.callback(local.close, timeout=20)
        yield Cluster(stack.enter_context(_client(Client, local)), local, workers, together)


@contextlib.contextmanager
def _client(make: Any, where: Any) -> Iterator[Any]:
    try:
        client = make(where, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # Dask's TimeoutError is an OSError
        raise UsageError(
            f"No Dask scheduler answers at {where}: {str(error).splitlines()[0] if str(error) else 'no answer'}.",
            "Start one with `dask scheduler`, and give the address that it prints, such as tcp://10.0.0.1:8786.",
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=10)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs and warns of off the terminal: dead workers and lost connections are ours to report."""
    import dask
    import distributed  # noqa: F401  (first: its own defaults go below our settings)

    with dask.config.set(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(distributed|dask|tornado)(\.|$)")
        loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(_QUIET)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
