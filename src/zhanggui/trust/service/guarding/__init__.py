"""Takes personal data out of free text before it leaves: PIPL art. 6 (no more than needed), 51 (de-identification)."""

from .guard import PiiGuard

__all__ = ["PiiGuard"]
