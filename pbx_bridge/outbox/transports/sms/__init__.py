"""SMS over a gateway."""
