"""Release, check, grade and report the course's assignments.

Importing this package imports nothing else: ``autograder --help`` must answer at once.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
