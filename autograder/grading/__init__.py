"""Grading a class: what must run again, the results that are kept, known mistakes that they match."""
