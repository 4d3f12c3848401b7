"""What agents write down: saving a note, correcting it, and the short one that nobody wrote."""
