"""Termine: when somebody is away, as a list and as a month."""
