"""What all faces share: server, middleware, rendering, languages, the look."""
