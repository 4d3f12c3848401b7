"""For the operator: who answers together, and for whom."""
