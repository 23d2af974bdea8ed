"""Sums of trees as plain arrays: read from LightGBM, asked without it, and explained exactly."""

from .arrays import Trees, below, trees_of
from .shapley import attribute

__all__ = ["Trees", "attribute", "below", "trees_of"]
