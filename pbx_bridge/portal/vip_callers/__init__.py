"""VIP-Kunden: the list, one of them, and both ways of a file."""
