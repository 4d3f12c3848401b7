"""E-mail over an SMTP server."""
