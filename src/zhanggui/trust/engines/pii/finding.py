"""All rules together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import cycle

from .folding import folded
from .spans import Span, without_overlaps
from .view import View


def find(text: str) -> list[Span]:
    """All personal data in a text, in its order, none over another; places are those of the text itself.

    What has been redacted before (`[手机号1]`) is not looked into. What was found is opaque to the looks after it, in
    which a name may stand out by the number beside it; the looks end when each has found nothing more.
    """
    seen = View(folded(text))
    found: list[Span] = []
    quiet = 0
    looks = _looks(is_ascii=text.isascii())
    for look in cycle(looks):
        if spans := look(seen.text):
            found += seen.hide(without_overlaps(spans))
            quiet = 0
        elif (quiet := quiet + 1) == len(looks):
            break
    return sorted(found) if found else found


@cache
def _looks(*, is_ascii: bool) -> tuple[Callable[[str], list[Span]], ...]:
    """What to look for; read at the first text, as some hundred patterns are made then."""
    from .looks import ASCII_LOOKS, LOOKS

    return ASCII_LOOKS if is_ascii else LOOKS
