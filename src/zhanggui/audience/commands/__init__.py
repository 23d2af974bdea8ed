"""Command line of the room; a module for each idea."""
