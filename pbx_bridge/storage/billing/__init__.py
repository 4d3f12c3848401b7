"""What companies use, what it costs, and a month of it."""
