"""What callers often ask."""
