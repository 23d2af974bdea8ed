"""Errors of earned labels.

RecommendError
└── UnknownLabel
"""

from __future__ import annotations

from zhanggui.kernel.errors import Kind
from zhanggui.recommend.errors import RecommendError


class UnknownLabel(RecommendError):
    """There is no such label, or the product has not earned it."""

    code, kind = "recommend.unknown_label", Kind.NOT_FOUND
