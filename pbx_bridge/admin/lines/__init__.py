"""The house's own numbers."""
