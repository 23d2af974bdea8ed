"""The guard on the command line; it needs no shop."""

from __future__ import annotations

import sys

from cyclopts import App

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, say
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.types.guard import GuardLanguage

STDIN = "-"
guard = App(name="guard", help="Take personal data out of a text.")


@guard.default
def guard_text(text: str = STDIN, *, lang: GuardLanguage = "zh", json: Json = False) -> None:
    """Print a text without the personal data in it; kinds and places go to stderr, or all of it to stdout with --json.

    Args:
        text: the text, or - to read it from standard input.
        lang: the language of the placeholders, zh or en.
    """
    whole = sys.stdin.read() if text == STDIN else text
    found = PiiGuard().examine(whole, lang)
    if json:
        print_json(found)
        return
    for span in found.spans:
        say(f"{span.kind} {span.start}-{span.end}")
    print(found.redacted, end="" if found.redacted.endswith("\n") else "\n")
