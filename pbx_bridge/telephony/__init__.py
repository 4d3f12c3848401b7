"""What stands in the PBX: who is in the agents' queue, who goes first, and what its own database holds."""
