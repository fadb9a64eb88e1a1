"""Where the site is published: one GitHub repository, from the settings ``course_repository`` and ``course_branch``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

__all__ = ["Repository", "setup"]

ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Repository:
    """Where the site is published: ``name`` is ``owner/repository`` on GitHub; paths count from the site's top."""

    name: str
    branch: str

    @classmethod
    def of(cls, config: Config) -> Repository | None:
        """Read the settings; none when no repository is set.

        Raises:
            ConfigError: the address is not a GitHub repository's.
        """
        address = (config.course_repository or "").strip()
        if not address:
            return None
        match = ADDRESS.fullmatch(address)
        if match is None:
            raise ConfigError(
                f"course_repository is {address!r}: it must look like https://github.com/NAME/REPOSITORY, or be empty."
            )
        return cls(match[1], config.course_branch)

    @property
    def url(self) -> str:
        return f"https://github.com/{self.name}"

    def colab(self, path: str) -> str:
        return f"https://colab.research.google.com/github/{self.name}/blob/{self.branch}/{path}"

    def binder(self, path: str) -> str:
        return f"https://mybinder.org/v2/gh/{self.name}/{self.branch}?urlpath=lab/tree/{path}"

    def raw(self, path: str) -> str:
        return f"https://raw.githubusercontent.com/{self.name}/{self.branch}/{path}"


def setup(app: Sphinx) -> None:
    app.add_config_value("course_repository", "", "env", types=[str])
    app.add_config_value("course_branch", "gh-pages", "env", types=[str])
    # A wrong address stops the build at its start.
    app.connect("config-inited", lambda app, config: Repository.of(config) and None)
