"""Looks at what is unlike what it was, and tells it once a day."""

from .watch import AlertChannel, UnknownAlert, Watch

__all__ = ["AlertChannel", "UnknownAlert", "Watch"]
