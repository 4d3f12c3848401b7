"""Calendars of elsewhere read in, and ours given out."""
