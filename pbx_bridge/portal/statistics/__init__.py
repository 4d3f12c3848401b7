"""Calls: figures, charts, the list, its files."""
