"""Abrechnung: what a month costs, and the calls behind each figure."""
