"""Put-through: the consultation as a table, and the hand that carries it out."""
