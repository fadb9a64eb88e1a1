"""What travels between sandbox and examiner, used by both: the frame around a message, and values in it."""
