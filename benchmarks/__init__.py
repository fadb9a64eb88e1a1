"""Measure what grading costs, beside other graders and beside no grader at all: ``python -m benchmarks``."""
