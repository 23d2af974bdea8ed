"""Names of people in English text: two capitalised words after a phrase that leads to a name, or beside an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .cues_zh import ACTS, PEOPLE
from .folding import MARKS
from .spans import ADDRESS, EMAIL, MOBILE, NAME, Span
from .surnames import BRANDS, FAMOUS, FIRST_NAMES, LAST_NAMES
from .words_en import NO_PARTS

_PART = r"[A-ZÀ-Þ](?:[a-zß-ÿ]+(?:[A-Z][a-z]+)?(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?|(?<=[OD])'[A-Z][a-z]+|(?<=[A-Z])[A-Z]+(?![a-z]))"
FULL_NAME = re.compile(rf"{_PART}(?: (?:[A-Z]\.?|de|van|von|der|la|al|bin|{_PART})){{0,2}} {_PART}(?![A-Za-z])")
INITIALS = re.compile(rf"[A-Z]\. ?(?:[A-Z]\. ?){{0,2}}{_PART}(?![A-Za-z])")
"""A surname after initials: K. Adams."""
_TWO = re.compile("(?<=[A-Za-zß-ÿ.]) [A-ZÀ-Þ]")
_CAPITALISED = re.compile("[A-Z][A-Za-z]+")
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
    r"|(?:pack|process|deliver|sign|serv|handl|receiv|accept|collect|refus|request|cancel|return|sold|sent|book|order)"
    r"(?:ed)? (?:for )?by|signature|(?:someone|somebody|man|woman|lady|guy|person|boy|girl|baby|kid) (?:called|named)"
    r"|named"
    r"|(?:parcels?|packages?|orders?|gifts?|presents?|deliver(?:y|ies)|cards?|box|letter|invoice|receipt|refund"
    r"|booking|reservation|appointment|account|something|it|is|meant|intended) (?:is |was |are )?(?:for|under)"
    r"|(?:put|print|write|engraved?|embroider(?:ed)?|stitch|spell|spelled|says?|read)(?: the name| the words?)?"
    r"|transfer to|refund(?: to)?|bill(?:ed)? to|invoice to|(?:give|hand|leave|send|pass|forward) (?:it |them |that )?"
    r"(?:to|with)|(?:registered|booked|ordered|filed|saved|is|it's) under"
    r"|(?:driver|courier|agent|rep|colleague|assistant|manager|advisor|adviser|passenger|patient|guest|student"
    r"|teacher|owner|tenant|landlord|resident|nurse|cousin|aunt|uncle|nephew|niece|boss|girlfriend|boyfriend"
    r"|fianc[eé]e?|grandson|granddaughter|grandmother|grandfather|classmate|housemate)(?: was| is| called| named)?"
    r"|dear|hello|hi|hey|i am|i'm|this is|ask for|speak (?:to|with)|spoke (?:to|with)|talked (?:to|with)|contact"
    r"|ship(?:ped)? to|(?:cheers|thanks|thank you|best|love|best wishes),|name=|from:|to:|cc:?|name:|recipient to|the name to|the label to"
    r"|placed by|paid by|written by|reported by|submitted by|address(?:ed)? (?:it |the parcel |the package )?to"
    rf"|under the name(?: of)?|in the name of|made out to|belongs to){_BETWEEN}"
)
_MAYBE = re.compile(
    r"(?:i am|i'm|im|this is|it's|contact(?: name)?|sold to|ship(?:ped)? to|deliver(?:ed)? to|bill to|ask for"
    r"|speak (?:to|with)|spoke (?:to|with)|talked to|cheers|best wishes|best|thanks|thank you|love|dear|hello|hi"
    r"|hey|from|for"
    rf"|user|member|client|courier|driver|agent|passenger|guest|patient|tenant|name|nickname"
    rf"|engraved?(?: with)?|under|to|with|and|call me|call"
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
_ACTS = re.compile(
    r" (?:here\b|has not|hasn't|did not|didn't|is (?:my|the|our|waiting)|was (?:rude|helpful|great|kind|lovely|not)"
    r"|promised|told|answered|helped|refused|took|needs|wants|moved|collects|picks|will be|wrote|writes|says|said|asked|called|signed|ordered|bought|paid|complained|confirmed|received|returned|lives"
    r"|will (?:collect|sign|pay)|picked)\b|'s (?:order|parcel|package|address|phone|account|refund|card|number"
    r"|e-?mail|name)\b"
)
_OWNS = re.compile(
    r"'s (?:order|parcel|package|address|account|refund|delivery|birthday)\b| (?:ordered|has not received|wrote)\b"
)
_RECEIVES = re.compile(r"\s?(?:收(?![到货藏费据])|先生|女士|小姐|签收|代收|的(?:订单|包裹|快递|账号|电话|地址|邮箱))")
_LED_IN_CHINESE = re.compile(
    rf"(?:{'|'.join(sorted(PEOPLE | ACTS, key=len, reverse=True))})(?:是|叫|为)?[:=\s\"'“”「【(《<,]{{0,2}}\Z"
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
    if has_full or any(word.lower() in FIRST_NAMES for word in _CAPITALISED.findall(text)):
        return _names(text, low)
    return _in_small_letters(low) if _SMALL.search(low) else ()


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
    is_led = _LED_IN_CHINESE.search(text, max(0, match.start() - 8), match.start())
    is_received = _RECEIVES.match(text, match.end()) or _OWNS.match(text, match.end())
    if is_received or (is_led and _is_known(match.group())):
        return is_person(match.group())
    is_told = _BESIDE.match(text, match.end()) or (_ACTS.match(text, match.end()) and _is_known(match.group()))
    is_signed = text[: match.start()].rstrip().endswith("-") and not text[match.end() :].strip(" .\n")
    return bool(is_told or (is_signed and _is_known(match.group()))) and is_person(match.group())


def _after(text: str, led: re.Match[str], *, is_sure: bool) -> Iterator[Span]:
    """The full name after a phrase, or one known first name after a greeting, an introduction, a signature."""
    match = FULL_NAME.match(text, led.end()) or (INITIALS.match(text, led.end()) if is_sure else None)
    if match:
        is_known = is_sure or _is_known(match.group())
        if is_known and is_person(match.group()) and not _NO_GOODS.match(text, match.end()):
            yield Span(match.start(), match.end(), NAME)
    elif (one := _ONE.match(text, led.end())) and one.group().lower() in FIRST_NAMES and _ALONE.match(led.group()):
        yield Span(one.start(), one.end(), NAME)


def _titled(text: str, start: int) -> Iterator[Span]:
    match = FULL_NAME.match(text, start) or _ONE.match(text, start)
    is_brand = match is not None and re.split(r"[ -]", match.group().lower())[0] in BRANDS
    if match and not is_brand and is_person(match.group()) and not _NO_GOODS.match(text, match.end()):
        yield Span(match.start(), match.end(), NAME)


def _is_inside(low: str, start: int) -> bool:
    before = low[start - 1 : start]
    return before.isascii() and before.isalnum()


def _is_known(name: str) -> bool:
    parts = re.split(r"[ -]", name.lower())
    return parts[0] in FIRST_NAMES or parts[-1] in LAST_NAMES or (parts[0] in LAST_NAMES and parts[0] not in NO_PARTS)


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
