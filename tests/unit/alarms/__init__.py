"""Who runs the house is told."""
