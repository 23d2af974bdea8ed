"""No words outside the catalogues: templates and modules of pages say everything through gettext, in both languages."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from zhanggui.app.web.rendering import FOLDERS, PACKAGE
from zhanggui.kernel.words import LOCALES, catalogue_language, named, words
from zhanggui.shop.simulate.shelves import goods

TEMPLATES = sorted({path for folder in FOLDERS.values() if folder.is_dir() for path in folder.rglob("*.html")})
MODULES = sorted(
    [
        *(PACKAGE / "app").rglob("*.py"),
        *sorted((PACKAGE / "recommend" / "words").glob("*.py")),
        *sorted((PACKAGE / "audience" / "words").glob("*.py")),
    ]
)
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
SPOKEN = re.compile(r"[A-Za-z\u4e00-\u9fff]{2,}")
UNSPOKEN = re.compile(r"(?s)<(script|style|code|kbd|svg)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>")
TITLED = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')
TAG = re.compile(r"<[^<>]*>?|[^<]*>")
ALLOWED = {"掌柜", "掌", "English", "中文", "CSV", "JSON"}
"""Names, and the languages' own names for themselves."""


def msgids(path: Path) -> Iterator[str | tuple[str, ...]]:
    method = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
    options = {"trimmed": "true", "extensions": "jinja2.ext.do"} if path.suffix == ".html" else {}
    found = extract(method, io.BytesIO(path.read_bytes()), keywords=KEYWORDS, options=options)
    for _, message, _, context in found:
        if isinstance(message, tuple):
            yield tuple(part for part in message if part)
        elif context is None and message:
            yield message


@functools.cache
def translated() -> dict[str | tuple[str, ...], str]:
    """By message, or by both forms of one that counts: what it is in Chinese."""
    known: dict[str | tuple[str, ...], str] = {}
    for part in (LOCALES / "zh").glob("*.po"):
        with part.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string and not message.context:
                    told = message.string if isinstance(message.string, str) else message.string[0]
                    known[message.id if isinstance(message.id, str) else tuple(message.id)] = told
    return known


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_word_of_a_page_is_said_in_chinese_too(path: Path) -> None:
    known = translated()

    missing = [message for message in msgids(path) if message not in known]

    assert not missing, f"no Chinese for {missing}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_says_nothing_but_through_gettext(path: Path) -> None:
    source = UNSPOKEN.sub(" ", path.read_text(encoding="utf-8"))
    lexed = list(jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).lex(source))
    spoken, is_translated = [], False
    for n, (_, kind, text) in enumerate(lexed):
        if (kind == "name" and lexed[n - 2][1] == "block_begin") or (
            kind == "name" and lexed[n - 1][1] == "block_begin"
        ):
            is_translated = text == "trans" or (is_translated and text != "endtrans")
        if kind == "data":
            spoken += [] if is_translated else [text]
    whole = " ".join(spoken)

    said = SPOKEN.findall(" ".join(TITLED.findall(whole))) + SPOKEN.findall(TAG.sub(" ", "".join(spoken)))

    assert not [word for word in said if word not in ALLOWED]


def test_a_plural_agrees_with_its_number() -> None:
    assert words("en").ngettext("%(n)s day", "%(n)s days", 1) == "%(n)s day"
    assert words("en").ngettext("%(n)s day", "%(n)s days", 2) == "%(n)s days"


def test_a_language_finds_its_catalogue() -> None:
    assert [catalogue_language(tag) for tag in ("zh", "zh-Hant-TW", "en-GB", "fr")] == ["zh", "zh", "en", "en"]


def test_a_percent_sign_of_a_text_that_takes_values_is_doubled_in_chinese_too() -> None:
    """A single one would not be shown but be read as the place of a value, and the page would fail."""
    takes_values = re.compile(r"%%|%\(\w+\)s")

    for part in (LOCALES / "zh").glob("*.po"):
        with part.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and takes_values.search(message.id) and message.string:
                    assert "%" not in takes_values.sub("", str(message.string)), (part.name, message.id)


@pytest.mark.parametrize("part", sorted(LOCALES.glob("*/*.po")), ids=lambda part: f"{part.parent.name}/{part.name}")
def test_english_quotes_straight_and_chinese_with_its_own_marks(part: Path) -> None:
    """Curly quotes stand as wide as a Chinese letter wherever a Chinese face draws them, on English pages too."""
    with part.open("rb") as file:
        said = [(str(message.id), str(message.string)) for message in read_po(file) if message.id]

    for english, told in said:
        assert not re.search("[“”「」]", english), english
        assert not re.search("[“”]" if part.parent.name == "zh" else "[“”「」]", told), told


def test_what_the_simulated_shop_calls_its_goods_is_said_in_english_too() -> None:
    shelves = goods().shelf
    said = {name for shelf in shelves for name in (*shelf.category, *shelf.keywords)}
    said |= {value for shelf in shelves for values in shelf.options.values() for value in values}
    said |= {brand.partition("|")[0] for brand in goods().brands}

    assert not [name for name in said if re.search("[\u4e00-\u9fff]", named(name, "en"))]
    assert all(named(name, "zh") == name for name in said)


def test_a_name_that_nobody_knows_stands_as_the_merchant_wrote_it() -> None:
    assert named("云南头春", "en") == "云南头春"
