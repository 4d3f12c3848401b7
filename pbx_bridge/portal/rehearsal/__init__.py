"""Probeanruf: what would happen if somebody called now."""
