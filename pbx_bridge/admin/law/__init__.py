"""What the law asks of the house: how long data stay, what is kept of a person, and the proof of it."""
