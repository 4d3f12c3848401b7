"""Who is there and what they may do: passwords, sessions, permissions."""
