"""Texts that people write, as values, and values as people read them: names, numbers, hours."""
