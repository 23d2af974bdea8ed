"""The review as a PDF. Chinese is set in STSong-Light, a font that readers of PDF know by name (Adobe's CJK pack)."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from zhanggui.trust.types.ethics import EthicsState
from zhanggui.trust.types.reports import Review

from .wording import Wording, worded

CHINESE, LATIN = "STSong-Light", "Helvetica"
_MARGIN_MM = 18
_WIDTHS_MM = (104, 24, 46)
"""Of the text, the owner and the state; figures join the last two."""


def review_pdf(review: Review, ethics: EthicsState, language: str) -> bytes:
    """A PDF in A4."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    said = worded(review, ethics, language)
    out = io.BytesIO()
    margin = _MARGIN_MM * mm
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin,
        title=said.title, author=review.shop, lang=said.language, invariant=True,
    )  # fmt: skip
    document.build(_story(said))
    return out.getvalue()


def _story(said: Wording) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    styles = _styles(said.language)

    def text(style: str, words: str) -> Any:
        return Paragraph(escape(words), styles[style])

    story: list[Any] = [text("title", said.title), text("quiet", said.lead), text("head", said.promises_title)]
    story.append(_table([_promise_row(one, text) for one in said.promises]))
    for part in said.parts:
        story += [Spacer(1, 6), text("head", part.title)]
        if part.rows:
            story.append(
                _table(
                    [
                        [[text("body", row.label), text("code", row.query)], "", text("number", row.value)]
                        for row in part.rows
                    ]
                )
            )
        else:
            story.append(text("quiet", part.empty))
    return story


def _promise_row(one: Any, text: Any) -> list[Any]:
    words = [text("body", one.text)]
    if one.seen:
        words.append(text("quiet", one.seen))
    return [words, text("body", one.owner), text("number", one.state)]


def _table(rows: list[list[Any]]) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table, TableStyle

    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEABOVE", (0, 0), (-1, -1), 0.4, HexColor("#dfe3ea"))])
    return Table(rows, colWidths=[width * mm for width in _WIDTHS_MM], style=style)


def _styles(language: str) -> dict[str, Any]:
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    font = CHINESE if language == "zh" else LATIN
    wrap = "CJK" if language == "zh" else None
    body = ParagraphStyle("body", fontName=font, fontSize=10, leading=15, wordWrap=wrap)
    return {
        "body": body,
        "title": ParagraphStyle("title", parent=body, fontSize=17, leading=23, spaceAfter=4),
        "head": ParagraphStyle("head", parent=body, fontSize=12.5, leading=18, spaceBefore=8, spaceAfter=3),
        "quiet": ParagraphStyle("quiet", parent=body, fontSize=8.5, leading=12, textColor="#566071"),
        "code": ParagraphStyle(
            "code", parent=body, fontName="Courier", fontSize=6.5, leading=8.5, textColor="#566071", wordWrap="CJK"
        ),
        "number": ParagraphStyle("number", parent=body, alignment=TA_RIGHT),
    }
