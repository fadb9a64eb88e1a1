"""The gradebook of a class: nbgrader's database and folders, read and written with nbgrader's own library."""
