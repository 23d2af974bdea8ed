"""A list of recommendations on a terminal, or as JSON."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter, validators

from zhanggui.kernel.terminal import print_json, print_table, say
from zhanggui.recommend.types.lists import Recommendations

Places = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=200))]
"""How many places a list may be asked for."""


def print_list(answer: Recommendations, *, json: bool) -> None:
    """The list on stdout; what is to be told about it on stderr."""
    if json:
        print_json(answer)
        return
    for hint in answer.hints:
        say(hint)
    if answer.notice_text:
        say(answer.notice_text)
    for id_ in answer.unknown:
        say(f"no product has the id {id_!r}")
    for one in answer.left_out:
        say(f"{one.product_id}: {one.why}")
    rows = ((one.position, one.product_id, one.title, one.explanation, f"{one.score:.3f}") for one in answer.items)
    print_table(("", "product", "title", "why", "score"), rows)
