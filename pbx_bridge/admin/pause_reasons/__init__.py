"""Why agents pause."""
