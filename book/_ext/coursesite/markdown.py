"""Rewrite MyST, which only the site understands, as the Markdown that Jupyter and Colab show.

Boxes become quotations, hidden answers become ``<details>``, figures become pictures, roles become their text, and what
lives on the site alone (the explorer, LeNet-5, the assignment's box) becomes a line that says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["plain_markdown"]

OPEN = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,}|:{3,})\s*(?:\{(?P<name>[\w:+-]+)\})?\s*(?P<rest>.*?)\s*$")
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
TARGET = re.compile(r"^\([\w:.-]+\)=\s*$")
ATTRIBUTES = re.compile(r"^\{[.#%][^}]*\}\s*$")
# A role, a code span (left alone), or a link that only the site can follow; found in one pass, from left to right.
INLINE = re.compile(
    r"\{(?P<role>[\w:+-]+)\}`(?P<text>[^`]+)`"
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|(?<!!)\[(?P<label>[^\]]*)\]\((?:#[\w:.-]+|[\w./-]+\.md(?:#[\w-]+)?)\)",
    re.DOTALL,
)

BOXES = {"note", "tip", "important", "warning", "caution", "hint", "seealso", "danger", "attention", "admonition"}
HIDDEN = {"toggle", "dropdown"}
DROPPED = {"bibliography", "contents", "tableofcontents", "index", "nb-exec-table"}
ASIDE = {"margin", "sidebar"}


def _options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    if body and body[0].strip() == "---":
        end = next((i for i, line in enumerate(body[1:], 1) if line.strip() == "---"), 0)
        pairs = (line.partition(":") for line in body[1:end])
        return {key.strip(): value.strip() for key, _, value in pairs}, body[end + 1 :]
    options = {}
    for i, line in enumerate(body):
        match = OPTION.match(line.strip())
        if match is None:
            return options, body[i:]
        options[match["key"]] = match["value"]
    return options, []


class _Writer:
    def __init__(self, glued: Mapping[str, str], picture: Callable[[str], str]) -> None:
        self.glued = glued
        self.picture = picture

    def text(self, text: str) -> str:
        """Rewrite roles and links that only the site can follow, outside of code spans."""
        return INLINE.sub(self._inline, text)

    def _inline(self, match: re.Match[str]) -> str:
        if match["role"]:
            return self._role(match["role"], match["text"])
        return match[0] if match["ticks"] else match["label"] or "another page"

    def _role(self, name: str, text: str) -> str:
        if name == "math":
            return f"${text}$"
        if name.startswith("glue"):
            return self._glue(text)
        if name.startswith("cite"):
            return f"[{text}]"
        if name in {"sub", "sup", "kbd"}:
            return f"<{name}>{text}</{name}>"
        if name == "code":
            return f"`{text}`"
        if name == "eq":
            return "the equation above"
        titled = re.fullmatch(r"(.*?)\s*<[^>]+>", text, re.DOTALL)
        return titled[1] if titled else text

    def _glue(self, text: str) -> str:
        key, _, spec = text.partition(":")
        value = self.glued.get(key, key).strip("'\"")
        if not spec:
            return value
        try:
            return format(int(value) if value.lstrip("-").isdigit() else float(value), spec)
        except ValueError:
            return value

    def lines(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        run: list[str] = []
        i = 0

        def flush() -> None:
            if run:
                out.extend(self.text("\n".join(run)).split("\n"))
                run.clear()

        while i < len(lines):
            line = lines[i]
            match = OPEN.match(line)
            if match is not None and (match["name"] or match["fence"][0] != ":"):
                flush()
                end = self._closing(lines, i, match["fence"])
                body = lines[i + 1 : end]
                indent = match["indent"]
                if match["name"]:
                    made = self.directive(match["name"], match["rest"], [x.removeprefix(indent) for x in body])
                    out.extend(indent + x if x else x for x in made)
                else:
                    out.extend(lines[i : end + 1])
                i = end + 1
                continue
            if not (TARGET.match(line) or ATTRIBUTES.match(line) or line.startswith(("% ", "+++"))):
                run.append(line)
            i += 1
        flush()
        return out

    @staticmethod
    def _closing(lines: list[str], start: int, fence: str) -> int:
        for i in range(start + 1, len(lines)):
            bare = lines[i].strip()
            if bare and set(bare) == {fence[0]} and len(bare) >= len(fence):
                return i
        return len(lines)

    def directive(self, name: str, argument: str, body: list[str]) -> list[str]:
        options, body = _options(body)
        if name in DROPPED:
            return []
        if name == "math":
            return ["$$", *([argument] if argument else []), *body, "$$"]
        if name in {"image", "figure"}:
            picture = f"![{options.get('alt', '')}]({self.picture(argument)})"
            return [picture, "", *self.lines(body)] if name == "figure" else [picture]
        if name in {"code", "code-block", "sourcecode", "literalinclude"}:
            return [f"```{argument}", *body, "```"]
        if name == "conv-explorer":
            return ["> *Here the site has an explorer, where you set the sizes and watch the kernel move.*"]
        if name == "lenet-live":
            return ["> *Here the site has LeNet-5 itself: draw a digit, and watch every layer read it.*"]
        if name == "assignment":
            return [f"> *The assignment of this page is `{argument}`; the site has it to download.*"]
        if name == "raw":
            return ["> *Here the site has an interactive part.*"]
        if name in HIDDEN or "dropdown" in options.get("class", ""):
            title = self.text(argument) or "Answer"
            return ["<details>", f"<summary>{title}</summary>", "", *self.lines(body), "", "</details>"]
        if name in BOXES | ASIDE:
            title = self.text(argument) or ("" if name in ASIDE else name.capitalize())
            quoted = [*([f"**{title}**", ""] if title else []), *self.lines(body)]
            return [f"> {line}".rstrip() for line in quoted]
        if name.startswith("glue"):
            return [self._glue(argument)]
        return [*([f"**{self.text(argument)}**", ""] if argument else []), *self.lines(body)]


def plain_markdown(text: str, glued: Mapping[str, str] | None = None, picture: Callable[[str], str] = str) -> str:
    """Return ``text`` without MyST: ``glued`` has the numbers placed by name, ``picture`` gives a picture's address."""
    return "\n".join(_Writer(glued or {}, picture).lines(text.split("\n"))).strip("\n")
