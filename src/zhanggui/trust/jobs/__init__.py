"""Background work of this room; a module for each idea."""
