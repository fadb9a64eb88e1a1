"""Enter an assignment and its cells in a gradebook, with nbgrader's own methods. Trusted; runs in the coordinator."""

from __future__ import annotations

from typing import Any

from autograder.errors import GradebookError

__all__ = ["copy_assignment"]


def copy_assignment(gradebook: Any, fresh: Any) -> None:
    """Enter ``fresh``, an assignment of another gradebook, or bring what is there up to date.

    Raises:
        GradebookError: there are submissions to a version of the assignment that had other cells.
    """
    name = fresh.name
    gradebook.update_or_create_assignment(name)
    for source in fresh.notebooks:
        present = {n.name: n for n in gradebook.find_assignment(name).notebooks}.get(source.name)
        if present is not None and present.submissions:
            for kind in ("grade_cells", "solution_cells", "task_cells", "source_cells"):
                if {c.name for c in getattr(present, kind)} != {c.name for c in getattr(source, kind)}:
                    raise GradebookError(
                        f"The gradebook has submissions for an earlier version of {name} with other cells.",
                        "Keep the cells' names, or start a new course directory.",
                    )
        elif present is not None:
            gradebook.remove_notebook(source.name, name)
        gradebook.update_or_create_notebook(source.name, name, kernelspec=source.kernelspec)
        for cell in source.grade_cells:
            gradebook.update_or_create_grade_cell(
                cell.name, source.name, name, max_score=cell.max_score, cell_type=cell.cell_type
            )
        for cell in source.solution_cells:
            gradebook.update_or_create_solution_cell(cell.name, source.name, name)
        for cell in source.task_cells:
            gradebook.update_or_create_task_cell(
                cell.name, source.name, name, max_score=cell.max_score, cell_type=cell.cell_type
            )
        for cell in source.source_cells:
            gradebook.update_or_create_source_cell(
                cell.name,
                source.name,
                name,
                cell_type=cell.cell_type,
                locked=cell.locked,
                source=cell.source,
                checksum=cell.checksum,
            )
