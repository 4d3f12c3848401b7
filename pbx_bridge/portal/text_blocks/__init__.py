"""What agents put into a note by one key."""
