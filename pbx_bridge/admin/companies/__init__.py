"""All companies: the list, one of them, and a file."""
