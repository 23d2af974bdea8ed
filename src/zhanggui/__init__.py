"""Zhanggui (掌柜): the open AI shopkeeper."""

__version__ = "0.1.0"
