"""What an agent writes: drafts, notes and their corrections, as the desk has them."""
