"""Plans per tier; a module for each idea."""
