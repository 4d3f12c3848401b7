"""Calls, whom they were put through to, and what is counted of them."""
