"""Names of people in English text: two capitalised words after a phrase that leads to a name, or beside an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .folding import MARKS
from .spans import ADDRESS, EMAIL, MOBILE, NAME, Span
from .surnames import BRANDS, FAMOUS, FIRST_NAMES, LAST_NAMES

_PART = r"[A-ZÀ-Þ](?:[a-zß-ÿ]+(?:[A-Z][a-z]+)?(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?|(?<=[OD])'[A-Z][a-z]+|(?<=[A-Z])[A-Z]+(?![a-z]))"
FULL_NAME = re.compile(rf"{_PART}(?: (?:[A-Z]\.?|de|van|von|der|la|al|bin|{_PART})){{0,2}} {_PART}(?![A-Za-z])")
INITIALS = re.compile(rf"[A-Z]\. ?(?:[A-Z]\. ?){{0,2}}{_PART}(?![A-Za-z])")
"""A surname after initials: K. Adams."""
_TWO = re.compile("(?<=[A-Za-zß-ÿ.]) [A-ZÀ-Þ]")
_ONE = re.compile(rf"{_PART}(?![A-Za-z])(?=[\s.,!?:;)]|\Z)")
_BETWEEN = (
    r"[\"']?\s?(?:(?:is|was|to)\b|[:=,(-])?\s{0,2}[\"'<(]?\s{0,2}(?:(?:mr|mrs|ms|miss|dr|prof|sir|mx)(?:\. ?| ))?"
)
_OVER = " (?:it |the parcel |the package )?(?:to|with)"
_SURE = re.compile(
    r"(?:my (?:full |legal |real )?name(?:'s)?|sincerely yours|full name|first name|last name|real name"
    r"|name is|signed (?:for )?by|sign (?:for )?by|signed"
    r"|received by|accepted by|collected by|customer(?:[ _]name)?|recipient(?:[ _]name)?|receiver(?:[ _]name)?"
    r"|consignee|addressee|attn|attention|care of|c/o|contact person|card ?holder(?:[ _]name)?|account holder"
    r"|name on (?:the |my |your )?\w+(?: is)?|buyer|sender|on behalf of|best regards|kind regards|regards"
    r"|sincerely|yours truly|yours faithfully|yours(?=[,\n])|to the name|registered to|account name|contact name"
    r"|delivered to:|deliver to:|ship to:|sold to:|bill to:"
    rf"|my (?:wife|husband|mother|father|mum|mom|dad|son|daughter|friend|brother|sister|colleague|neighbou?r"
    rf"|partner|flatmate|roommate)|handed{_OVER}|gave{_OVER}|given{_OVER}|left{_OVER}|booked by|sent by"
    rf"|ordered by|bought by"
    r"|placed by|paid by|written by|reported by|submitted by|address(?:ed)? (?:it |the parcel |the package )?to"
    rf"|under the name(?: of)?|in the name of|made out to|belongs to){_BETWEEN}"
)
_MAYBE = re.compile(
    r"(?:i am|i'm|im|this is|it's|contact(?: name)?|sold to|ship(?:ped)? to|deliver(?:ed)? to|bill to|ask for"
    r"|speak (?:to|with)|spoke (?:to|with)|talked to|cheers|best wishes|best|thanks|thank you|love|dear|hello|hi"
    r"|hey|from|for"
    rf"|user|member|client|courier|driver|agent|passenger|guest|patient|tenant|name|nickname"
    rf"|engraved?(?: with)?|by|to|with|and|call me"
    rf"|me){_BETWEEN}"
)
_TITLED = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Mx)(?:\. ?| )")
_BESIDE = re.compile(rf"\s?[<(,:]{{0,2}}\s?[{MARKS[EMAIL]}{MARKS[MOBILE]}{MARKS[ADDRESS]}]")
_SMALL = re.compile(
    r"(?:my name is|my name's|name:|i am|this is|recipient:?|contact:?)"
    r" ([a-z]{2,12}) ([a-z']{2,14})(?![a-z])"
)
_ALONE = re.compile(
    r"my name|name is|i am|i'm|im\b|this is|regards|best regards|kind regards|sincerely|cheers|best wishes|thanks"
    r"|thank you|yours truly|dear|hello|hi\b|hey|love|call me|my (?:wife|husband|friend|son|daughter)"
)
_NO_PARTS_TEXT = """
a about account adidas admin air all also amazon american an api apple april august australia avenue best big
black blue bluetooth british canada card care chat china chinese christmas city company customer day deal deals
dear debug december delivery department east easter eastern england english error ever everyone express false
february france free french friday friend friends german germany gift gold good google great green grey happy
hong hot http i id inc info ireland island islands it italy january japan json july june just kingdom kong korea
large live llc london ltd madam mail manager march mastercard max may medium mini monday my new nike none north
northern not november null october office ok old order orders our park pdf pink please plus post premium price
prime pro red refund refunds returns road royal sales samsung saturday scotland seller september service shop
silver sir size sku small sony sorry south southern spain standard states status still store street sunday
support sure system taiwan team test thank thanks that the there thing things this thursday to top true tuesday
ultra united usb user very visa wales warn we wednesday west western white york you your
"""
_NO_PARTS = frozenset(_NO_PARTS_TEXT.split())
_ACTS = re.compile(
    r" (?:wrote|writes|says|said|asked|called|signed|ordered|bought|paid|complained|confirmed|received|returned|lives"
    r"|will (?:collect|sign|pay)|picked)\b|'s (?:order|parcel|package|address|phone|account|refund|card|number"
    r"|e-?mail|name)\b"
)
_NO_GOODS = re.compile(
    r"(?:'s\b(?! (?:order|parcel|package|address|phone|account|refund|card|number|e-?mail|name|wife|husband"
    r"|house)\b)| (?:perfume|candle|mug|tin|boots|jeans|briefs|shirt|poster|book|novel|soap|cream|shampoo"
    r"|collection|edition"
    r"|series|album|doll|figure|toy|bag|watch|cologne|tea|oil|sauce|whiskey|gin|vodka|coat|dress)\b)"
)


def english_names(text: str, low: str) -> Iterable[Span]:
    """All names of people in the English parts of a folded text, in which other finds are opaque already."""
    has_full = _TWO.search(text) and (FULL_NAME.search(text) or _TITLED.search(text) or INITIALS.search(text))
    return _names(text, low) if has_full or _ALONE.search(low) or _SMALL.search(low) else ()


def _names(text: str, low: str) -> Iterator[Span]:
    for lead, is_sure in ((_SURE, True), (_MAYBE, False)):
        for led in lead.finditer(low):
            if not _is_inside(low, led.start()):
                yield from _after(text, led, is_sure=is_sure)
    for match in FULL_NAME.finditer(text):
        if _stands_alone(text, match):
            yield Span(match.start(), match.end(), NAME)
    for title in _TITLED.finditer(text):
        yield from _titled(text, title.end())
    yield from _in_small_letters(low)


def _in_small_letters(low: str) -> Iterator[Span]:
    for match in _SMALL.finditer(low):
        if match.group(1) in FIRST_NAMES and match.group(2) in LAST_NAMES:
            yield Span(match.start(1), match.end(2), NAME)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether a full name needs no phrase: an address or a number follows it, or it does what people do."""
    if _TITLED.match(match.group()):
        return False
    is_told = _BESIDE.match(text, match.end()) or (_ACTS.match(text, match.end()) and _is_known(match.group()))
    is_signed = text[: match.start()].rstrip().endswith("-") and not text[match.end() :].strip(" .\n")
    return bool(is_told or (is_signed and _is_known(match.group()))) and _is_person(match.group())


def _after(text: str, led: re.Match[str], *, is_sure: bool) -> Iterator[Span]:
    """The full name after a phrase, or one known first name after a greeting, an introduction, a signature."""
    match = FULL_NAME.match(text, led.end()) or (INITIALS.match(text, led.end()) if is_sure else None)
    if match:
        is_known = is_sure or _is_known(match.group())
        if is_known and _is_person(match.group()) and not _NO_GOODS.match(text, match.end()):
            yield Span(match.start(), match.end(), NAME)
    elif (one := _ONE.match(text, led.end())) and one.group().lower() in FIRST_NAMES and _ALONE.match(led.group()):
        yield Span(one.start(), one.end(), NAME)


def _titled(text: str, start: int) -> Iterator[Span]:
    match = FULL_NAME.match(text, start) or _ONE.match(text, start)
    is_brand = match is not None and re.split(r"[ -]", match.group().lower())[0] in BRANDS
    if match and not is_brand and _is_person(match.group()) and not _NO_GOODS.match(text, match.end()):
        yield Span(match.start(), match.end(), NAME)


def _is_inside(low: str, start: int) -> bool:
    before = low[start - 1 : start]
    return before.isascii() and before.isalnum()


def _is_known(name: str) -> bool:
    parts = re.split(r"[ -]", name.lower())
    return parts[0] in FIRST_NAMES or parts[-1] in LAST_NAMES or (parts[0] in LAST_NAMES and parts[0] not in _NO_PARTS)


def _is_person(name: str) -> bool:
    """Whether no part is a word; of a known first name the last may be one: Rachel Green."""
    parts = [part.lower() for part in re.split(r"[ .]+", name) if part]
    is_brand = parts[-1] in BRANDS or " ".join(parts) in FAMOUS
    if is_brand or parts[0] in _NO_PARTS:
        return False
    return not any(
        part in _NO_PARTS and len(part) > 1 and not (part in LAST_NAMES and parts[0] in FIRST_NAMES)
        for part in parts[1:]
    )
