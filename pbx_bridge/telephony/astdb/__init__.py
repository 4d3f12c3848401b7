"""Asterisk's own database: what it needs to work without this service."""
