"""Names of people in English text: two capitalised words after a phrase that leads to a name, or beside an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .cues_zh import PEOPLE
from .first_names_en import FIRST_NAMES
from .folding import MARKS, OPAQUE
from .given_zh import is_han
from .last_names_en import LAST_NAMES
from .leads_en import Lead, lead
from .leads_zh import chinese_lead
from .spans import NAME, ORDER_NUMBER, Span
from .surnames import BRANDS, FAMOUS
from .words_en import NO_PARTS

_PART = r"[A-ZÀ-Þ](?:[a-zß-ÿ]+(?:[A-Z][a-z]+)?(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?|(?<=[OD])'[A-Z][a-z]+|(?<=[A-Z])[A-Z]+(?![a-z]))"
FULL_NAME = re.compile(rf"{_PART}(?: (?:[A-Z]\.?|de|van|von|der|la|al|bin|{_PART})){{0,2}} {_PART}(?![A-Za-z])")
INITIALS = re.compile(rf"[A-Z]\. ?(?:[A-Z]\. ?){{0,2}}{_PART}(?![A-Za-z])")
"""A surname after initials: K. Adams."""
_TWO = re.compile("(?<=[A-Za-zß-ÿ.]) [A-ZÀ-Þ]")
_WORD = re.compile("[a-z]{2,12}")
_CAPITALISED = re.compile("[A-Z][A-Za-z]+")
_ONE = re.compile(rf"{_PART}(?![A-Za-z])(?=[\s.,!?:;)]|\Z)")
_MORE = re.compile(r"[A-Za-z0-9'&.-]| [A-Z0-9]|的(?:书|歌|小说|裙|鞋|包)|[牌款家]")
_TITLES = frozenset(("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Mx"))
_TITLED = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Mx)(?:\. ?| )")
_PERSONAL = "".join(mark for kind, mark in MARKS.items() if kind not in {ORDER_NUMBER, NAME})
_BESIDE = re.compile(
    r"\s?[<(,:;/|]{0,2}\s?(?:(?:ID|Tel|Phone|Mobile|Mob|Cell|Ph|T|Passport|Card|Account|E-?mail|WeChat|Address|Addr)"
    rf"(?: (?:no|number|card))?[.:#]{{0,2}}\s?)?[{_PERSONAL}]",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\b(?:name is|name's|name:|names?|i am|i'm|this is|recipient:?|contact:?|for|to|from|by|attn:?|c/o|mr\.?|mrs\.?"
    r"|ms\.?"
    r"|miss|dr\.?|customer|called|named|receiver:?|sender:?|regards,?|cheers,?|thanks,?|under|with|call|at|ask for)"
    r" ([a-z]{3,12}) ([a-z']{3,14})(?![a-z])"
)
_ACTS = re.compile(
    r" (?:here\b|speaking\b|has not|hasn't|did not|didn't|is (?:my|the|our|waiting)|was (?:rude|helpful|great|kind"
    r"|lovely|not)"
    r"|promised|told|answered|helped|refused|took|needs|wants|moved|collects|picks|will be|wrote|writes"
    r"|says|said|asked|called|signed|ordered|bought|paid|complained|confirmed|received|returned|lives"
    r"|will (?:collect|sign|pay)|picked)\b|'s (?:order|parcel|package|address|phone|account|refund|card|number"
    r"|e-?mail|name)\b"
)
_MAY_ACT = re.compile(
    r" (?:never|still|just|also|got|went|came|has|had|is|was|will|would|can|could|should|did|does|again|sent|opened"
    r"|emailed|rang|phoned|cancelled|changed|forgot|and I)\b"
)
_IS_HERE = re.compile(
    rf" (?:here|speaking)[ ,.!:;-]+(?:I\b|[Mm]y|[Tt]he|[Oo]rder|from|again|where|still|just|this|[{OPAQUE}])"
)
_NOTED = re.compile(f"[{OPAQUE}]")
_NEAR = 12
_OWNS = re.compile(
    r"'s (?:order|parcel|package|address|account|refund|delivery|birthday)\b| (?:ordered|has not received|wrote)\b"
)
_RECEIVES = re.compile(r"\s?(?:收(?![到货藏费据])|先生|女士|小姐|签收|代收|的(?:订单|包裹|快递|账号|电话|地址|邮箱))")
_NO_GOODS = re.compile(
    r"(?:'s\b(?! (?:order|parcel|package|address|phone|account|refund|card|number|e-?mail|name|wife|husband"
    r"|house)\b)| (?:perfume|candle|mug|tin|boots|jeans|briefs|shirt|poster|book|novel|soap|cream|shampoo"
    r"|collection|edition"
    r"|series|album|doll|figure|toy|bag|watch|cologne|tea|oil|sauce|whiskey|gin|vodka|coat|dress)\b)"
)


def english_names(text: str, low: str) -> Iterator[Span]:
    """All names of people in the English parts of a folded text, in which other finds are opaque already."""
    if _TWO.search(text):
        for match in FULL_NAME.finditer(text):
            yield from _full(text, low, match)
    if ". " in text:
        for match in INITIALS.finditer(text):
            if lead(low, match.start())[0] is Lead.SURE and is_person(match.group()):
                yield Span(match.start(), match.end(), NAME)
    has_first = not FIRST_NAMES.isdisjoint(_WORD.findall(low))
    for match in _CAPITALISED.finditer(text) if has_first or _TITLED.search(text) else ():
        yield from _one(text, low, match)
    if has_first and _SMALL.search(low):
        yield from _in_small_letters(text, low)


def _full(text: str, low: str, match: re.Match[str]) -> Iterator[Span]:
    """The name that begins at one of the capitalised words, the lead may be capitalised too; or one without a lead."""
    for start in (match.start(), *(space + 1 for space in _spaces(match))):
        seen = lead(low, start)[0]
        if seen and (name := FULL_NAME.match(text, start)):
            is_known = seen is Lead.SURE or _is_known(name.group()) or _is_noted(text, start, name.end())
            if is_known and is_person(name.group()) and not _NO_GOODS.match(text, name.end()):
                yield Span(start, name.end(), NAME)
                return
    if _stands_alone(text, match):
        yield Span(match.start(), match.end(), NAME)


def _spaces(match: re.Match[str]) -> list[int]:
    return [match.start() + place for place, character in enumerate(match.group()) if character == " "]


def _one(text: str, low: str, match: re.Match[str]) -> Iterator[Span]:
    """One known first name after a greeting, an introduction or a signature, or what follows a title."""
    word = match.group()
    if word in _TITLES:
        if title := _TITLED.match(text, match.start()):
            yield from _titled(text, title.end())
    elif word.lower() in FIRST_NAMES and _is_alone(text, low, match):
        yield Span(match.start(), match.end(), NAME)


def _is_alone(text: str, low: str, match: re.Match[str]) -> bool:
    """Whether one first name will do: after a greeting, or after a Chinese word for who somebody is."""
    if _ONE.match(text, match.start()) and lead(low, match.start())[1]:
        return True
    if not text[: match.start()].strip() and _IS_HERE.match(text, match.end()):
        return match.group().lower() not in NO_PARTS
    is_said = chinese_lead(text, match.start()) in PEOPLE and is_han(text[match.start() - 1 : match.start()])
    return is_said and match.group().lower() not in NO_PARTS and not _MORE.match(text, match.end())


def _in_small_letters(text: str, low: str) -> Iterator[Span]:
    for match in _SMALL.finditer(low):
        first, last = match.groups()
        is_small = text[match.start(1) : match.end(2)].islower() and f"{first} {last}" not in FAMOUS
        if is_small and first in FIRST_NAMES and last in LAST_NAMES and NO_PARTS.isdisjoint((first, last)):
            yield Span(match.start(1), match.end(2), NAME)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether a full name needs no phrase: an address or a number follows it, or it does what people do."""
    if _TITLED.match(match.group()):
        return False
    is_led = chinese_lead(text, match.start())
    is_received = _RECEIVES.match(text, match.end()) or _OWNS.match(text, match.end())
    if is_received or (is_led and (is_led in PEOPLE or _is_known(match.group()))):
        return is_person(match.group())
    is_told = _BESIDE.match(text, match.end()) or (_ACTS.match(text, match.end()) and _is_known(match.group()))
    is_told = is_told or (_MAY_ACT.match(text, match.end()) and _is_known_wholly(match.group()))
    is_signed = text[: match.start()].rstrip().endswith("-") and not text[match.end() :].strip(" .\n")
    return bool(is_told or (is_signed and _is_known(match.group()))) and is_person(match.group())


def _titled(text: str, start: int) -> Iterator[Span]:
    match = FULL_NAME.match(text, start) or _ONE.match(text, start)
    is_brand = match is not None and re.split(r"[ -]", match.group().lower())[0] in BRANDS
    if match and not is_brand and is_person(match.group()) and not _NO_GOODS.match(text, match.end()):
        yield Span(match.start(), match.end(), NAME)


def _is_known(name: str) -> bool:
    parts = re.split(r"[ -]", name.lower())
    return parts[0] in FIRST_NAMES or parts[-1] in LAST_NAMES or (parts[0] in LAST_NAMES and parts[0] not in NO_PARTS)


def _is_known_wholly(name: str) -> bool:
    """Whether the first name and the last are known both, and neither is a word."""
    parts = re.split(r"[ -]", name.lower())
    return parts[0] in FIRST_NAMES and parts[-1] in LAST_NAMES and NO_PARTS.isdisjoint(parts)


def _is_noted(text: str, start: int, end: int) -> bool:
    """Whether letters with accents, or a number or address of somebody close by, say that unknown words are a name."""
    return not text[start:end].isascii() or bool(_NOTED.search(text, max(0, start - _NEAR), end + _NEAR))


def is_person(name: str) -> bool:
    """Whether no part is a word; of a known first name the last may be one: Rachel Green."""
    parts = [part.lower() for part in re.split(r"[ .]+", name) if part]
    is_brand = parts[-1] in BRANDS or " ".join(parts) in FAMOUS
    if is_brand or parts[0] in NO_PARTS:
        return False
    return not any(
        part in NO_PARTS and len(part) > 1 and not (part in LAST_NAMES and parts[0] in FIRST_NAMES)
        for part in parts[1:]
    )
