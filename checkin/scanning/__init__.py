"""A scan: its input, the verdict on it, and the row that decides who is inside."""
