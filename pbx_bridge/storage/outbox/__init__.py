"""What is to go out, who is at it, what became of it, and what it has cost."""
