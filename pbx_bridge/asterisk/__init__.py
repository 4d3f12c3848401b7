"""Fetch, run and look at an Asterisk of our own, without root or Docker."""
