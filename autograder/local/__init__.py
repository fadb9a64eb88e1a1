"""Cells run on this machine without a sandbox, for those whose own they are: a student's check, an author's tests."""
