"""The own log-in: password, address, language, second factor; links by mail for who has no password."""
