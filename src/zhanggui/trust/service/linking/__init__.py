"""Whether anything that leaves the shop for others can be matched to one person: GB/T 37964, PIPL art. 51 and 73(4)."""

from .attacking import Linkage

__all__ = ["Linkage"]
