"""The desk's page on a stage: a real server, real messages, and a story instead of a telephone system."""
