"""Addresses in Latin letters of any country: a run of numbers and capitalised words, whose hints are added up.

Countries differ in order (`Keizersgracht 123, 1015 CJ Amsterdam`, `Plot 45, Sector 18, Gurgaon 122015`), but all of
them say a number, a street or a part of a building, and a town with its code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .spans import ADDRESS, Span

_UP, _LOW = "A-ZÀ-Þ", "a-zß-ſ"
_WORD = rf"(?:#?\d[\dA-Za-z/.ºª-]*|[{_UP}][\w'./-]*|ul\.)"
_SMALL = r"(?:de|del|della|di|da|do|dos|das|la|le|les|du|des|of|the|upon|on|al|van|der|den|am|im|y|near|opp|by)"
_RUN = re.compile(rf"(?<![\w@.#/-])(?:c/)?{_WORD}(?:(?:,? |,)(?:{_SMALL} ){{0,2}}{_WORD}){{2,18}}")
_CAPITALISED = re.compile("[A-ZÀ-Þ][a-zß-ſ]")
_MAY_RUN = re.compile(r"[0-9][^,\n]{0,40},\s?[#A-Z0-9À-Þ]|,\s?[#A-Z0-9À-Þ][^,\n]{0,30}[0-9]")


class Hint(NamedTuple):
    """What counts for an address, once however often it stands in the run."""

    weight: int
    pattern: re.Pattern[str]


def _hint(weight: int, *patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> Hint:
    return Hint(weight, re.compile("|".join(patterns), flags))


_STREET = _hint(
    3,
    r"(?<=[a-z] )(?:st|dr)\b",
    r"\b(?:streets?|avenue|ave|av|roads?|rd|lane|ln|drive|boulevard|boul|blvd|court|ct|way|place|pl|terrace|tce|close"
    r"|crescent|cres|square|sq|gardens|gdns|grove|mews|parkway|pkwy|highway|hwy|circle|cir|trail|row|quay|esplanade"
    r"|parade|pde|route|county road|state road|marg|nagar|chowk|salai|jalan|jln|jl|lorong|persiaran|soi|thanon|moo"
    r"|calle|avenida|avda|paseo|plaza|carrer|via|viale|corso|piazza|rua|travessa|rue|chemin|place|allée|impasse"
    r"|ulica|ul|ulitsa|cross|main|barangay|brgy|barrio|purok|close|estate)\b",
    r"\w(?:stra(?:ss|ß)e|str\.|gasse|platz|allee|weg|gracht|straat|laan|plein|kade|gatan|gata|vägen|vej|gade|tie|katu"
    r"|-ro|-gil|-dong|-gu|-ku|-cho|-machi|-chome)\b",
)
_INNER = _hint(
    3,
    r"\b(?:flat|apt|apartment|unit|suite|ste|room|rm|floor|fl|tower|block|blk|building|bldg|house|villa|plot|lot|door"
    r"|h\.? ?no|d\.? ?no|s\.? ?no|phase|sector|wing|piso|po box|box|cottage|farm|lodge|barn)\b\.?",
    r"\d/?F\b",
    r"#\d{1,2}-\d{1,4}",
)
_CODE = _hint(
    4,
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b",
    r"\b[A-Z]\d[\dW] ?[A-Z\d]{4}\b",
    r"\b[A-Z]{2,3},? \d{4,5}(?:-\d{4})?\b",
    r"\b\d{4} ?[A-Z]{2}\b,? [A-Z]",
    r"\b(?:\d{4,6}|\d{3} \d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3}-\d{4}|\d{3} \d{3})\b,?"
    rf" [{_UP}][{_LOW}]",
    rf"[{_LOW}],? -? ?(?:\d{{4,6}}|\d{{3}}-\d{{4}}|\d{{3}} \d{{3}})\Z",
    flags=re.NOFLAG,
)
_NUMBER = _hint(2, r"(?:\A|, ?| )(?:No\.? ?)?\d{1,5}[A-Z]?(?:[-/]\d{1,4}[A-Z]?){0,3}(?=,| |\Z)")
_HINTS = (_STREET, _INNER, _CODE, _NUMBER)
_LED = re.compile(
    r"(?:address|addr|ship(?:ped|ping)?(?: it)? to|deliver(?:y|ed)?(?: it)? to|send(?: it| them)? to|sent to"
    r"|live[sd]? (?:at|in)"
    r"|moved? to|located at|residence|home|post to|drop (?:it )?at|come to|parcel to|地址|住址|寄[到往给]?"
    r"|收货|送到?|发到?)"
    r"(?: is| are| to)?[\s:=,\"'(-]{0,3}\Z",
    re.IGNORECASE,
)
_BAR = 10
_PER_COMMA = 1
_MOST_COMMAS = 2
_LEAD = 3
_HOUSE = re.compile(r"(?:The )?[A-Z][\w' ]{2,30}(?:House|Cottage|Farm|Lodge|Barn|Villa|Rectory|Mill|Court|Manor|Hall)")
_LEADING = re.compile(r"(?:(?:Please|Ship|Send|Deliver|Post|To|Address|My|At|Is|From|New|Home|Live|Moved) )+")
_DIGIT = re.compile(r"\d")
_GOODS = re.compile(
    r"\b(?:size|pack|set|colou?r|black|white|blue|qty|usd|model|version|order|isbn|vol|pcs|edition|inch|sku|sale|off|score|rank|level|page|chapter|season|episode|act|scene|vol"
    r"|january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:,? (?:Please|Thanks|Thank|Regards|Call|I|We|My|It|The|Tel|Phone|Mobile|Attn))+\Z|[.,]\Z")


def address_runs(text: str) -> Iterable[Span]:
    """All runs of capitalised words and numbers in a folded text that name a place to deliver to."""
    return _runs(text) if _CAPITALISED.search(text) and _MAY_RUN.search(text) else ()


def _runs(text: str) -> Iterator[Span]:
    for match in _RUN.finditer(text):
        start, end = _start(match), _end(match)
        if start < end and _score(text, start, end) >= _BAR:
            yield Span(start, end, ADDRESS)


def _start(match: re.Match[str]) -> int:
    """At the first part that holds a number, or at the house with a name before it: whom it goes to stays outside."""
    place, house = match.start(), None
    for part in match.group().split(","):
        here = place + len(part) - len(part.lstrip())
        if _DIGIT.search(part) or _INNER.pattern.match(part.strip()):
            lead = _LEADING.match(match.string, here)
            return house if house is not None else lead.end() if lead else here
        house = here if _HOUSE.fullmatch(part.strip()) else None
        place += len(part) + 1
    return match.end()


def _end(match: re.Match[str]) -> int:
    end = match.end()
    while tail := _TAIL.search(match.string, match.start(), end):
        end = tail.start()
    return end


def _score(text: str, start: int, end: int) -> int:
    run = text[start:end]
    if _GOODS.search(run):
        return 0
    hints = sum(hint.weight for hint in _HINTS if hint.pattern.search(run))
    commas = min(run.count(","), _MOST_COMMAS) * _PER_COMMA
    return hints + commas + (_LEAD if _LED.search(text, max(0, start - 24), start) else 0)
