"""What a rule finds: a stretch of the text and what it is."""

from __future__ import annotations

from typing import Final, NamedTuple

MOBILE: Final = "mobile"
ID_CARD: Final = "id_card"
BANK_CARD: Final = "bank_card"
ADDRESS: Final = "address"
NAME: Final = "name"
EMAIL: Final = "email"
WECHAT: Final = "wechat"
ORDER_NUMBER: Final = "order_number"

KINDS: Final = (EMAIL, ID_CARD, BANK_CARD, MOBILE, ORDER_NUMBER, WECHAT, ADDRESS, NAME)
"""All kinds; where two rules claim the same characters, the earlier kind has them."""
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Span(NamedTuple):
    """Characters `start` to `end` (not included) of the text, counted in code points."""

    start: int
    end: int
    kind: str


def without_overlaps(found: list[Span]) -> list[Span]:
    """The spans in the order of the text, none over another: of two the earlier kind in `KINDS`, then the longer.

    A span that loses only a part of its characters is dropped whole, unless it holds the other one whole: an address
    is not lost because four of its digits look like something else.
    """
    found = list(set(found)) if len(found) > 1 else found
    if len(found) < 2:
        return found
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (_RANK[span.kind], span.start - span.end)):
        holds = [other for other in kept if other.start < span.end and span.start < other.end]
        if not holds:
            kept.append(span)
        elif span.kind == ADDRESS and all(span.start <= other.start and other.end <= span.end for other in holds):
            kept = [other for other in kept if other not in holds]
            kept.append(span)
    return sorted(kept)
