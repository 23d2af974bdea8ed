"""Learned segments: `learning` makes a version, `desk` tells it and who is where, `model` is what is stored."""
