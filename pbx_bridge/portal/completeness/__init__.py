"""What is missing for calls to arrive as they should."""
