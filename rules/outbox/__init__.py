"""Messages about a call: who gets one, how much it says, and what the answers of those who carry it mean."""
