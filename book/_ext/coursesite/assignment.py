"""The ``{assignment} NN-name`` directive: what an assignment asks, what it gives, and where to get it.

All of it is read from the released notebook, which is a dependency of the page. No release is a build error.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.model import Assignment as Released
from autograder.model import Check, Task
from coursesite.release import ReleaseError, read_release, release_path
from coursesite.repository import Repository

__all__ = ["setup"]

CHECKS = "Visible checks are in the notebook; hidden ones run when it is graded."


def _points(value: float) -> str:
    return f"{value:g} point{'' if value == 1 else 's'}"


def _inline(text: str) -> list[nodes.Node]:
    """Turn backticks in ``text`` into code."""
    parts = re.split(r"`([^`]+)`", text)
    return [nodes.literal(part, part) if i % 2 else nodes.Text(part) for i, part in enumerate(parts) if part]


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def _table(tasks: tuple[Task, ...]) -> nodes.table:
    head = ["Task", "Points", "Visible", "Hidden"]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=w) for w in (55, 15, 15, 15)), cols=len(head))
    group += nodes.thead("", _row([[nodes.Text(word)] for word in head]))
    body = nodes.tbody()
    for number, task in enumerate(tasks, 1):
        public = sum(check.public for check in task.checks)
        numbers = [f"{task.points:g}", str(public), str(len(task.checks) - public)]
        body += _row(
            [[nodes.Text(f"{number} · "), nodes.literal(task.title, task.title)], *([nodes.Text(n)] for n in numbers)]
        )
    group += body
    return nodes.table("", group, classes=["assignment-tasks"])


def _check_item(check: Check) -> nodes.list_item:
    tail = f" ({_points(check.points)}{', in the notebook' if check.public else ''})"
    return nodes.list_item("", nodes.paragraph("", "", *_inline(check.title or check.id), nodes.Text(tail)))


def _details(tasks: tuple[Task, ...]) -> list[nodes.Node]:
    items = []
    for task in tasks:
        checks = nodes.bullet_list("", *(_check_item(check) for check in task.checks))
        items.append(nodes.list_item("", nodes.paragraph("", "", nodes.literal(task.title, task.title)), checks))
    return [
        nodes.raw("", "<details><summary>What each check looks at</summary>", format="html"),
        nodes.enumerated_list("", *items, enumtype="arabic", prefix="", suffix="."),
        nodes.raw("", "</details>", format="html"),
    ]


def _links(release: Released, top: str, repository: Repository | None) -> nodes.raw:
    file = f"assignments/{release.name}"
    links = [
        (f"{top}{file}.zip", "Download the assignment (.zip)", "assignment-button assignment-button-first"),
        (f"{top}{file}.ipynb", "Notebook only (.ipynb)", "assignment-button"),
    ]
    if repository is not None:
        links.append((repository.colab(f"{file}.ipynb"), "Open on Colab", "assignment-button"))
    anchors = (f'<a class="{style}" href="{escape(url)}">{escape(text)}</a>' for url, text, style in links)
    return nodes.raw("", f'<p class="assignment-links">{" ".join(anchors)}</p>', format="html")


class Assignment(SphinxDirective):
    """Show a released assignment."""

    required_arguments = 1
    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        root, name = self.env.srcdir, self.arguments[0].strip()
        path = release_path(root, name)
        self.env.note_dependency(str(path))
        try:
            release = read_release(root, name)
        except ReleaseError as error:
            raise self.error(str(error)) from error
        if not hasattr(self.env, "course_assignments"):
            self.env.course_assignments = {}
        self.env.course_assignments.setdefault(self.env.docname, set()).add(name)
        top = "../" * self.env.docname.count("/")
        number = len(release.tasks)
        summary = f"{number} task{'' if number == 1 else 's'}, {_points(release.points)}. " + CHECKS
        box = nodes.container(classes=["assignment", *self.options.get("class", [])])
        box += nodes.paragraph("", "", *_inline(release.title), classes=["assignment-title"])
        box += nodes.paragraph("", summary, classes=["assignment-summary"])
        box += _links(release, top, Repository.of(self.config))
        box += _table(release.tasks)
        box += _details(release.tasks)
        return [box]


def _forget(app: Sphinx, env: Any, docname: str) -> None:
    getattr(env, "course_assignments", {}).pop(docname, None)


def _merge(app: Sphinx, env: Any, docnames: set[str], other: Any) -> None:
    env.course_assignments = getattr(env, "course_assignments", {}) | {
        name: found for name, found in getattr(other, "course_assignments", {}).items() if name in docnames
    }


def setup(app: Sphinx) -> None:
    app.add_directive("assignment", Assignment)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
