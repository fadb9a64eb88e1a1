"""Release, check, grade and report the course's assignments: a folder for each stage, in the order of the work.

    assignment/    the source that an author edits, its rules and known answers, the students' notebook
    submissions/   what was handed in: found, and taken in as untrusted data
    engines/       what runs a submission: the sealed engine, nbgrader's, and dispatch to many workers
    grading/       a class: what must run, the results that are kept, the mistakes that they match
    gradebook/     nbgrader's database, read and written
    reports/       marks, a student's feedback, the class's page
    local/         cells run without a sandbox: a student's check, an author's tests of the tests
    example/       a class to try it with
    isolation/     what cuts student code off
    commands/      one thin module for each command of ``cli``

Nothing imports upward (tests/repository/test_layout.py has the order). Importing this package imports nothing else:
``autograder --help`` must answer at once.
"""

import sys

__version__ = "0.1.0"

# Optional for jsonschema, which nbformat imports. It would read a grammar of web addresses, which no notebook has, for
# 1.5 s; our own lock leaves it out, other environments have it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__all__ = ["__version__"]
