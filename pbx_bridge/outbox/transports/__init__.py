"""The ways out: one package for each kind of message."""
