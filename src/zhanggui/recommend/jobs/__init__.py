"""Background work of this room."""
