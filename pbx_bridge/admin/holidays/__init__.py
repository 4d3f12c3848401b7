"""Public holidays."""
