"""Calls that a person has to look at."""
