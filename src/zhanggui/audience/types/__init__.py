"""Frozen structs that cross the door; a module or a package for each idea."""
