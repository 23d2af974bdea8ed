"""The impact assessment, filled from the store and the code."""

from .assessor import Assessor
from .rendering import as_html, as_markdown

__all__ = ["Assessor", "as_html", "as_markdown"]
