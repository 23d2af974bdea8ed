"""The review as one page that needs nothing else."""

from __future__ import annotations

from importlib.resources import files

from zhanggui.trust.types.ethics import EthicsState
from zhanggui.trust.types.reports import Review

from .wording import worded


def review_page(review: Review, ethics: EthicsState, language: str) -> str:
    """HTML with its own style; every word is escaped."""
    from jinja2 import Environment, StrictUndefined

    template = files(__package__).joinpath("review.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(review=worded(review, ethics, language))
