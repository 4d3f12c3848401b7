"""Numbers that the PBX rejects."""
