"""A class to try grading with: its students' notebooks, and the damage that some of them took."""
