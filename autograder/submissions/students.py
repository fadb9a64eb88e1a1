"""Which names of folders can be students' ids: one rule for everything that grades, writes pages or reports.

An id becomes a part of paths, a cell of tables and a line on a terminal. Whatever the file system took may be one, as
long as it leads nowhere else and shows nothing that is not there.
"""

from __future__ import annotations

import unicodedata

__all__ = ["trouble_with"]

MOST_BYTES = 200


def trouble_with(student: str) -> str:
    """Return why ``student`` cannot be an id, and what to do; an empty text where it can."""
    hidden = any(unicodedata.category(letter)[0] == "C" for letter in student)
    long = len(student.encode("utf-8", "replace")) > MOST_BYTES
    why = (
        "it is empty or holds dots alone"
        if student.strip(". ") == ""
        else "it holds a slash"
        if "/" in student or "\\" in student
        else "it holds characters that do not show"
        if hidden
        else f"it has over {MOST_BYTES} bytes"
        if long
        else ""
    )
    return f"The student id {student[:80]!a} cannot name a folder: {why}. Rename it in submitted/." if why else ""
