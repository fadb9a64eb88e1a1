"""Grading a class: the coordinator and its steps, what must run again, results that are kept, known mistakes."""
