"""The desk's page on a stage: a real server, real messages of the protocol, and a story instead of a telephone system."""
