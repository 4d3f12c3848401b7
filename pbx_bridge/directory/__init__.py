"""What everybody reads from memory: companies and lines, agents, and whose call it is."""
