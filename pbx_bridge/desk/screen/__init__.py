"""What an agent sees, and how it follows what happens."""
