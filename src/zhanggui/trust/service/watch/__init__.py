"""Looks at what is unlike what it was, and tells it once a day."""

from .watch import AlertChannel, Watch

__all__ = ["AlertChannel", "Watch"]
