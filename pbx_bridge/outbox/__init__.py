"""Messages wait here until they are sent: none is lost, none goes out twice, and what came of it is kept."""
