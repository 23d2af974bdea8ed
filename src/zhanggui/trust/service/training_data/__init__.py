"""The gate that every training set passes."""

from .gate import TrainingGate

__all__ = ["TrainingGate"]
