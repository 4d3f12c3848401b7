"""The agent's desk: screen pop, commands and the WebSocket they travel on."""
