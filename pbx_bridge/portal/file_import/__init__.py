"""Lists out of files: read, shown, taken over. What kinds there are, the families say."""
