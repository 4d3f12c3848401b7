"""What a company changes about itself: a module per noun; each write belongs into `undo.recorded`."""
