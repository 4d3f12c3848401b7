"""Accounts, agents and everything about logging in."""
