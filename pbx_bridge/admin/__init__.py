"""The operator's office: all companies, what waits for a person, and how the house runs."""
