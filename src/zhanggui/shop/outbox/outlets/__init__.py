"""The outlets that come with Zhanggui."""

from .by_hand import ByHandOutlet
from .file import PLAIN_COLUMNS, Column, FileOutlet
from .webhook import WebhookOutlet, signature

__all__ = ["PLAIN_COLUMNS", "ByHandOutlet", "Column", "FileOutlet", "WebhookOutlet", "signature"]
