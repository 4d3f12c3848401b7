"""Messages that wait, failed or are uncertain, of all companies."""
