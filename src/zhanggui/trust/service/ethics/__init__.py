"""Promises kept current: clauses, the checks that look after them, and the matrix of laws."""

from .checks import own_checks
from .clauses import Ethics

__all__ = ["Ethics", "own_checks"]
