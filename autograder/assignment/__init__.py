"""An assignment: its one source file, its rules and known answers, and the notebook that students get."""
