"""The yearly review of ethics and compliance: gathered from what was kept, written as a page and as a PDF."""

from .page import review_page
from .pdf import review_pdf
from .yearly import Chapter, YearlyReview

__all__ = ["Chapter", "YearlyReview", "review_page", "review_pdf"]
