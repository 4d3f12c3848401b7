"""Chores around the whole database: schema, backup and restore, what is too old, whether it answers."""
