"""Berichte: how well calls are answered, by company, agent, day and hour; their files."""
