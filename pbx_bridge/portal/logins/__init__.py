"""For the operator: all log-ins of people, and what was done with them."""
