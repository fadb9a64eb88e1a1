"""Settings for plain nbgrader (``autograde``, ``generate_feedback``, ``export``, ``formgrader``), run in this folder.

``autograder release`` writes the source notebooks that nbgrader reads under ``build/source``. Do not run
``nbgrader generate_assignment`` before it: the sources are ``solutions/``.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821  (traitlets defines it)

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "exercises"
if os.environ.get("AUTOGRADER_DB"):
    c.CourseDirectory.db_url = os.environ["AUTOGRADER_DB"]

# a cell that imports torch on a busy machine needs longer than nbgrader's 30 s
c.Execute.timeout = 120
