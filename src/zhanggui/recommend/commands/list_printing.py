"""A list of recommendations on a terminal, or as JSON."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

from zhanggui.recommend.types.lists import Recommendations


def print_list(answer: Recommendations, *, json: bool) -> None:
    """The list on stdout; what is to be told about it on stderr."""
    if json:
        print(msgspec.json.encode(answer).decode())
        return
    aside = Console(stderr=True)
    for hint in answer.hints:
        aside.print(hint, markup=False)
    if answer.notice_text:
        aside.print(answer.notice_text)
    for id_ in answer.unknown:
        aside.print(f"no product has the id {id_!r}", markup=False)
    for one in answer.left_out:
        aside.print(f"{one.product_id}: {one.why}", markup=False)
    table = Table("", "product", "title", "why", "score")
    for ranked in answer.items:
        table.add_row(str(ranked.position), ranked.product_id, ranked.title, ranked.explanation, f"{ranked.score:.3f}")
    Console().print(table)
