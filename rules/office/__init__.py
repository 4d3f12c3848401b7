"""What the people who run the secretariat have to look at, and when."""
