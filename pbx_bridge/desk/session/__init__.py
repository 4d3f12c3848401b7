"""What travels between one tab and the service: the socket, commands and their answers."""
