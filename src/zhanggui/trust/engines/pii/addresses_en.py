"""Street-level addresses in English: a number and a street, widened to the flat before and the postcode after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .runs_en import address_runs
from .spans import ADDRESS, Span

_CAP = r"[A-Z][A-Za-z'.-]*"
_TOWN = r"(?![A-Z]{1,2}\d)[A-Z][A-Za-z'.-]*"
_NUMBERED = (
    r"(?:No\.? ?|Lane |Alley |Nong |Sec(?:tion|\.)? ?|Room |Rm\.? ?|Flat |Unit |Building |Bldg\.? ?)\d{1,5}[A-Z]?"
)
_STREETS = (
    r"Streets?|St|Avenue|Ave|Av|Roads?|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Close"
    r"|Crescent|Cres|Square|Sq|Gardens|Gdns|Grove|Mews"
    r"|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Loop|Row|Hill|Walk|Cottages?|Quay|Rise|Green|Park|View|Wharf"
    r"|Alley|Path|Mansions?|House|Broadway|Lu|Jie|Dadao|Xiang"
)
_INNER = (
    r"(?:Flat|Apt|Apartment|Unit|Suite|Ste|Room|Rm|Building|Bldg|Block|Blk|Floor|Fl|Tower|Level|House)\.?"
    r" ?#?[A-Za-z0-9-]{1,6}"
    r"|\d{1,3}/F|[A-Z]?\d{1,3}(?:st|nd|rd|th) (?:Floor|floor)"
)
_UK = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]\d{2} [A-Z]\d[A-Z\d]{2})"
_BEFORE = (
    rf"(?:The {_CAP}(?: {_CAP})?, )?(?:(?:{_INNER}|{_CAP}(?: {_CAP}){{0,3}} (?:House|Court|Heights|Mansions?|"
    rf"Villa|Lodge|Building|Tower|Cent(?:re|er)|Plaza|Estate|Gardens?|View|Residences?|City)),? )*"
)
_NUMBER = (
    r"(?:No\.? ?|Lane |Alley |Nong |Blk |Block |\d{1,3}/)?\d{1,5}[A-Z]?(?:-\d{1,5})?"
    r"(?:,? (?:Sec|Section)\.? \d)?(?:,? Lane \d{1,4})?(?:,? Alley \d{1,4})?"
)
_NAME = rf"(?:(?:[NSEW]|North|South|East|West|N\.|S\.|E\.|W\.) )?(?:(?:{_CAP}|\d{{1,3}}(?:st|nd|rd|th)|of|the) ){{1,4}}"
_AFTER = (
    rf"(?:(?:,| )? ?(?:{_INNER}|#\d{{1,5}}(?:-\d{{1,5}})?[A-Z]?))*"
    rf"(?:(?: {_TOWN}){{1,3}}(?= Singapore \d))?(?: Singapore(?= \d)"
    rf"| {_CAP}(?: {_CAP}){{0,2}},?(?= [A-Z]{{2}} \d{{5}}))?(?:, ?(?:{_TOWN}|de|la"
    rf"|upon|on|of)(?: (?:{_TOWN}|upon|on"
    rf"|of)){{0,3}})*"
    rf"(?:,? [A-Z]{{2,3}}(?=,? (?:\d{{4,5}}\b|[A-Z]\d[A-Z])))?(?:,? (?:\d{{5}}(?:-\d{{4}})?(?!\d)|\d{{6}}(?!\d)"
    rf"|\d{{4}}(?!\d)|{_UK}\b)|(?<=Dublin) \d{{1,2}}(?!\d)|(?<=Taipei) \d{{3}}(?!\d))?"
    rf"(?:,? (?:USA|U\.S\.A\.|UK|United Kingdom|P\.?R\.? ?China|China|Hong Kong|Taiwan)\b)?"
)
_LINE = re.compile(
    rf"(?<![\w#.-]){_BEFORE}{_NUMBER},? {_NAME}(?:{_STREETS})\b\.?(?: \d{{1,2}}(?= #))?"
    rf"(?: (?:[NSEW]{{1,2}}|North|South|East|West|Central|Lower|Upper)\b)?{_AFTER}"
)
_LISTED = re.compile(rf"(?<![\w#.-])(?:{_NUMBERED},? ){{1,6}}{_NAME}(?:{_STREETS})\b\.?{_AFTER}")
_LETTERS = r"[A-ZÀ-Þ][A-Za-zß-ÿ'.-]*"
_EUROPEAN = re.compile(
    rf"(?:(?:(?:{_INNER}),? )?\d{{1,4}}(?: ?(?:bis|ter|[A-Z]))?,?"
    rf" (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Qq]uai|[Cc]hemin)"
    rf"(?: (?:de|du|la|le|les|des|{_LETTERS})){{1,5}}"
    rf"|{_LETTERS}(?:stra(?:ss|ß)e|str\.|weg|platz|allee|gasse|straat|laan) \d{{1,4}}[a-z]?"
    rf"|(?:Via|Viale|Piazza|Calle|Avenida|Rua|Carrer)"
    rf"(?: (?:de|del|della|la|do|da|{_LETTERS})){{1,4}},? \d{{1,4}}),? \d{{4,5}} {_LETTERS}"
    rf"|(?:{_LETTERS} )?[A-ZÀ-Þ][a-zß-ÿ]*(?:straat|gracht|weg|laan|plein|kade|dijk|singel|rak|markt|hof)"
    rf" \d{{1,4}}[a-z]?,? \d{{4}} [A-Z]{{2}},? {_LETTERS}"
)
_COMMON = re.compile(
    r"[0-9](?<![\w#.-][0-9])\d{0,4} (?:[a-z]{2,12} ){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard"
    r"|blvd|court|ct|way|place|close|crescent|terrace)\b"
    r"(?:,? (?:apt|unit|flat|suite|room)\.? ?[\w-]{1,6})?(?:,? [a-z]{2,14}){0,3}?,? (?:[a-z]{2},?"
    r" \d{5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})\b"
)
_POSTED = re.compile(
    rf"(?<![\w#.-]){_BEFORE}(?:\d{{1,5}}[A-Z]? |The )?{_CAP}(?: {_CAP}){{0,4}},(?: {_CAP}(?:"
    rf" {_CAP}){{0,3}},?){{1,4}} {_UK}\b"
)
_INSIDE = re.compile(
    rf"(?:(?:{_INNER}|[Rr]oom \d{{1,5}}[A-Z]?|[Ff]lat \w{{1,5}}),? ){{1,4}}(?:{_CAP} (?:House|Court|Tower"
    rf"|Building|Centre|Center|Plaza),? )?"
    rf"\d{{1,4}}[A-Z]? {_CAP}(?: {_CAP}){{0,3}}, {_CAP}(?: {_CAP}){{0,2}}(?:,? {_UK}\b)?"
)
_INNER_SIGN = re.compile("(?:flat|apt|room|unit|tower|block|/f|suite)[ .,]")
_STREET_SIGN = re.compile(rf" (?:{_STREETS.lower()})\b")
_TOWN_SIGN = re.compile("[0-9]{4} [A-ZÀ-Þ]")
_POSTCODE_SIGN = re.compile("[A-Z][0-9](?:[A-Z0-9]? ?[0-9][A-Z]|[0-9] [A-Z][0-9])")
_BOX_SIGN = re.compile("[Bb][Oo][Xx] [0-9]")
_BOX = re.compile(rf"(?<!\w)P\.?O\.? ?Box \d{{1,6}}{_AFTER}", re.IGNORECASE)
_GOODS = re.compile(
    r" ?(?:style|fashion|hoodie|art|food|perfume|candle|lipsticks?|mug|poster|print|shirt|jeans|tea|soap"
    r"|collection|edition|game|puzzle|set|bag"
    r"|brand|trip)\b"
)
_TAIL = re.compile(r"(?:,? (?:Please|Thanks|Thank you|Regards|Call|I|We|My|It|The)|[.,])\Z")
_COUNTRY = re.compile(
    r",? (?:France|Germany|Deutschland|Italy|Italia|Spain|España|Portugal|Netherlands|The Netherlands|Nederland|Belgium"
    r"|Belgique|Switzerland|Schweiz|Suisse|Austria|Österreich|Poland|Polska|Sweden|Denmark|Norway|Finland|Ireland|Greece"
    r"|Czech Republic|Hungary|Australia|New Zealand|Canada|United States|Singapore|Japan|Korea|South Korea|Malaysia"
    r"|Thailand|India|Brazil|Mexico|United Kingdom|Scotland|England|Wales|Northern Ireland|Hong Kong|Taiwan|Macau"
    r"|China)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"(?:Way|Park|View|Green|Hill|House|Row|Rise|Place|Square|Path|Loop|Circle|Walk|Broadway|Lu|Close|Court|Drive"
    r"|Trail)\b\.?\Z"
)
_ASKED = re.compile(r"(?i)address|ship|deliver|send|live|moved?|to|at|addr|residence|home|from|parcel")


def english_addresses(text: str, low: str) -> Iterable[Span]:
    """All street-level addresses in the English parts of a folded text; `low` is the text in small letters."""
    if " " not in text:
        return ()
    patterns: list[re.Pattern[str]] = []
    if _STREET_SIGN.search(low):
        patterns += (_LINE, _LISTED, _COMMON)
    if _TOWN_SIGN.search(text):
        patterns.append(_EUROPEAN)
    if _POSTCODE_SIGN.search(text):
        patterns.append(_POSTED)
    if _INNER_SIGN.search(low):
        patterns.append(_INSIDE)
    if _BOX_SIGN.search(text):
        patterns.append(_BOX)
    return _with_countries(text, (*_lines(text, patterns), *address_runs(text)))


def _with_countries(text: str, found: Iterable[Span]) -> Iterator[Span]:
    for start, end, kind in found:
        country = _COUNTRY.match(text, end)
        yield Span(start, country.end() if country else end, kind)


def _lines(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[Span]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            if not _GOODS.match(text, match.end()) and _is_door(text, match):
                yield Span(match.start(), _end(match), ADDRESS)


def _is_door(text: str, match: re.Match[str]) -> bool:
    """A number and a street that could be a phrase (`3 Best Way`) needs more: a comma, a postcode, a word before it."""
    if not _WEAK.search(match.group()):
        return True
    return "," in match.group() or bool(_ASKED.search(text, max(0, match.start() - 16), match.start()))


def _end(match: re.Match[str]) -> int:
    end = match.end()
    while tail := _TAIL.search(match.group(), 0, end - match.start()):
        end = match.start() + tail.start()
    return end
