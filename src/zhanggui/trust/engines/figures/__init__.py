"""Figures about many people that tell nothing of one: contribution bounding, noise, and a floor for small groups."""
