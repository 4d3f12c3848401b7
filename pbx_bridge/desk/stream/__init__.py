"""What is told to an agent's desks: one picture, one numbered history, whoever has a tab open."""
