"""A breach drill: who would be affected, what they would be told, and by when."""

from .drill import Drills

__all__ = ["Drills"]
