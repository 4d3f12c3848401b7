"""Log-ins of single employees."""
