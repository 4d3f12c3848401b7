"""Companies with all that belongs to them, and how others learn that it changed."""
