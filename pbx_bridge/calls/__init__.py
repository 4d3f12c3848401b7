"""Live calls: events in, effects out, one writer."""
