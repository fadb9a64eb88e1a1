"""As ``benchmarks.probe``, and each child's private memory at its end besides."""

from benchmarks import probe

probe.watch_memory()
