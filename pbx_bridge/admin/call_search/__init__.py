"""Calls of all companies: found, and the life of one of them."""
