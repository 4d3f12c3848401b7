"""The wire to the PBX: one guarded AMI link, typed actions, frozen events."""
