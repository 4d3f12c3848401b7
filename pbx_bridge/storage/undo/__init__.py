"""What changes replaced, so that they can be taken back for a day; files on their way in."""
