"""nbgrader imported and used without noise, and without the programs that it starts. Imports nothing of ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

__all__ = ["newest_layout", "quiet_nbgrader"]


@contextmanager
def quiet_nbgrader() -> Iterator[None]:
    """Let nbgrader be imported and used: its dependencies' deprecations kept quiet, and its layout known.

    For a new gradebook nbgrader starts the program ``alembic`` to ask for the newest layout. That takes seconds, and
    looks on PATH only, where a virtual environment that is not activated is absent. The same answer is given here.
    """
    with warnings.catch_warnings():
        for noise in (DeprecationWarning, PendingDeprecationWarning, SyntaxWarning):
            warnings.filterwarnings("ignore", category=noise)
        import nbgrader.api

        nbgrader.api.get_alembic_version = newest_layout
        yield


@cache
def newest_layout() -> str:
    """Return alembic's revision of the gradebooks that the installed nbgrader makes."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    config = Config()
    config.set_main_option("script_location", ALEMBIC_DIR)
    config.set_main_option("path_separator", "os")
    return str(ScriptDirectory.from_config(config).get_current_head())
