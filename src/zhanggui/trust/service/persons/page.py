"""An export as a page that a person can read: one file that needs no other, no script and no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from zhanggui.kernel.words import words

from .page_words import FIELDS, PARTS

_STYLE = (
    "body{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem;color:#222}h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}"
    "h3{margin-bottom:.3rem}dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.2rem 1rem;margin:.3rem 0}"
    "dt{color:#666}dd{margin:0;overflow-wrap:anywhere}li{margin:.6rem 0}small{color:#666}"
)


def page_of(document: Mapping[str, Any], language: str) -> str:
    """The page, in `zh` or `en`."""
    say = words(language).gettext
    title = say("What %(shop)s holds of you") % {"shop": document["shop"]}
    made = say("As of %(moment)s. The file beside it holds the same for programs.") % {"moment": document["made_at"]}
    parts = [
        f"<section><h2>{escape(say(PARTS.get(name, name)))}</h2>{_part(held, language)}</section>"
        for name, held in document.items()
        if isinstance(held, Mapping)
    ]
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1><p><small>{escape(made)}</small></p>{''.join(parts)}</body></html>\n"
    )


def _part(held: Mapping[str, Any], language: str) -> str:
    say = words(language).gettext
    shown = [
        f"<h3>{escape(say(FIELDS.get(name, name)))}</h3>{_value(value, language)}"
        for name, value in held.items()
        if value not in (None, "", [], {})
    ]
    return "".join(shown) or f"<p>{escape(say('Nothing.'))}</p>"


def _value(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        say = words(language).gettext
        rows = "".join(
            f"<dt>{escape(say(FIELDS.get(str(name), str(name))))}</dt><dd>{_value(one, language)}</dd>"
            for name, one in value.items()
        )
        return f"<dl>{rows}</dl>"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"<ul>{''.join(f'<li>{_value(one, language)}</li>' for one in value)}</ul>"
    if isinstance(value, bool):
        return escape(words(language).gettext("yes" if value else "no"))
    return escape(str(value))
