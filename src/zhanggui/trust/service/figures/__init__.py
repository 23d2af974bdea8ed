"""Figures for analysts: differentially private with a budget, or with a floor for small groups (PIPL art. 51, 73)."""

from .across import FiguresAcross
from .budget import PrivacyBudget
from .releasing import AnalystFigures

__all__ = ["AnalystFigures", "FiguresAcross", "PrivacyBudget"]
