"""The supervisor's floor: who is on which call, who waits, how the day goes; live, and a wall-board."""
