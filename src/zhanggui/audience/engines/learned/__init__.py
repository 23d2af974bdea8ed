"""Segments that are learned: sketches of profiles, the space they lie in, groups, and what tells these apart."""
