"""Codes with values, said in the reader's words; see `zhanggui.app.web.phrases`."""

from zhanggui.app.web.phrases import MINOR, Phrases

__all__ = ["MINOR", "Phrases"]
