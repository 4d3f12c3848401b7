"""The demo: a whole secretariat to play with, and the check that plays it without a person."""
