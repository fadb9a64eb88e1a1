"""An assignment: its source as the author writes it, the notebook that is made from it, and its known answers."""
