"""Segments; a module for each idea."""
