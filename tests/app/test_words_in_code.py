"""No words outside the catalogues in code: literals that a reader would see unmarked, in Python and in scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.test_words import translated

from zhanggui.app.console.brief_sentences import BRIEF_SENTENCES
from zhanggui.app.web.rendering import PACKAGE

FILLING = ("console", "storefront", "tour", "widgets", "web", "briefs")
MODULES = sorted(
    [path for folder in FILLING for path in (PACKAGE / "app" / folder).rglob("*.py")]
    + [path for room in ("recommend", "audience", "trust", "shop") for path in (PACKAGE / room / "words").glob("*.py")]
)
SCRIPTS = sorted([*(PACKAGE / "app/web/static").glob("*.js"), *(PACKAGE / "app/http/static").glob("*.js")])
CARRYING = [path for path in SCRIPTS if path.name.startswith("zhanggui-")]
"""Scripts for other sites, whose pages have no catalogue: they carry their words with them."""
HUMAN = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{2,}[,.:;!?]? [A-Za-z(]|^\W*[A-Z][a-z]+[.!?:…]?\s*$")
"""Chinese anywhere, two English words in a row, or one with a capital as labels have it."""
MARKUP = re.compile(r"<[^<>]*>?|&#?\w+;")
PROTOCOL = re.compile(r"^Bearer $|charset=|filename=|max-age=|^\(prefers-|^use strict$")
"""Headers of answers, questions to a browser."""
MARKS = {"_", "N_", "say", "gettext", "ngettext", "pgettext"}
UNREAD = {"TypeVar", "compile", "getLogger", "get_logger", "debug", "info", "warning", "error"}
"""Calls whose words are for programs and for whoever runs them."""

ALLOWED = {
    "app/briefs/mail_errors.py": "errors; what is said of them stands in brief_sentences.py, held below",
    "app/storefront/categories.py": "parts of merchants' own category names that choose a picture",
    "app/web/formats.py": "patterns of dates, as CLDR writes them for each language",
    "app/console/rule_form.py": "the language of rules, which is one for all readers",
    "app/console/rules.py": "examples in the language of rules, which is one for all readers",
    "audience/words/segments.py": "examples in the language of rules, which is one for all readers",
}
"""Modules with literals of another kind, and why."""
ALLOWED_HERE = {
    ("app/tour/found_file.py", "少量库存"): "a label of the shop's own; locales/en/goods.po says it in English",
    ("app/tour/found_file.py", "first findings"): "a name in the ledger of who proposed",
    ("app/widgets/showcase.py", "widgets page"): "the name of a key",
    ("app/tour/routes.py", "tour file:"): "tells a visitor's file from others in the records of rates",
}
ALLOWED_IN_SCRIPTS = {
    "Escape": "a key",
    "button send": "names of parts, for style sheets",
    "zhanggui: events refused": "for whoever builds the site, in the browser's console",
    "zhanggui.js did not start": "for whoever builds the site, in the browser's console",
    "zhanggui.js did not load": "for whoever builds the site, in the browser's console",
    "no answer in time": "for whoever builds the site: why the shelf fell back",
    "nothing to show": "for whoever builds the site: why the shelf fell back",
    "no answer": "for whoever builds the site: why the shelf fell back",
}


def is_human(text: str) -> bool:
    return not PROTOCOL.search(text) and bool(HUMAN.search(MARKUP.sub(" ", text)))


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def unread(tree: ast.Module) -> Iterator[ast.AST]:
    """Parts of a module whose literals are marked already, or are no words for readers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node  # a docstring
        elif isinstance(node, (ast.Raise, ast.Compare)) or (isinstance(node, ast.Call) and is_unread_call(node)):
            yield node
        elif isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "hint" for to in node.targets):
            yield node  # of an error, which the catalogue says by its code
        elif isinstance(node, ast.Dict):
            yield from (key for key in node.keys if key is not None)
        elif isinstance(node, ast.Subscript):
            yield node.slice


def is_unread_call(call: ast.Call) -> bool:
    """A mark of gettext, a log, an error that is made (its class has a capital and its words a code)."""
    name = called(call)
    return name in MARKS | UNREAD or name in ERRORS


ERRORS = {
    node.name
    for path in [*PACKAGE.rglob("errors.py"), *PACKAGE.glob("*/errors/*.py")]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef)
}


def unmarked(source: str) -> list[str]:
    """The literals of a module that a reader would see and no catalogue says."""
    tree = ast.parse(source)
    skipped = {id(inner) for part in unread(tree) for inner in ast.walk(part)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
        if is_human(node.value)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_of_pages_says_nothing_but_through_gettext(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    found = unmarked(path.read_text(encoding="utf-8"))

    strange = [text for text in found if (name, text) not in ALLOWED_HERE]

    assert name in ALLOWED or not strange, f"{name} says unmarked: {strange}"


def test_every_exception_is_still_needed() -> None:
    found = {path.relative_to(PACKAGE).as_posix(): unmarked(path.read_text(encoding="utf-8")) for path in MODULES}

    assert {name for name in ALLOWED if not found.get(name)} == set()
    assert {one for one in ALLOWED_HERE if one[1] not in found.get(one[0], [])} == set()
    assert set(ALLOWED_IN_SCRIPTS) <= {text for path in SCRIPTS for text in literals(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("source", "is_seen"),
    [
        ('title = "Sold out"', True),
        ('title = "Orders"', True),
        ('title = "订单"', True),
        ('title = f"{n} orders waiting"', True),
        ('title = "<b title=x>Sold out</b>"', True),
        ('title = say("Sold out")', False),
        ('TITLES = {"a": N_("Sold out")}', False),
        ('"""Words for builders."""', False),
        ('raise BadForm("There is no such page.")', False),
        ('kind = "order.placed"', False),
        ('head = {"content-disposition": \'attachment; filename="orders.csv"\'}', False),
        ("icon = '<path d=\"M12 4 l8 Z\"/>'", False),
    ],
)
def test_what_counts_as_words_for_a_reader(source: str, is_seen: bool) -> None:
    assert bool(unmarked(source)) is is_seen


TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`""", re.DOTALL)
STYLE = re.compile(r"[{;]\s*[\w-]+\s*:")
"""A declaration of a style sheet."""


def literals(script: str) -> list[str]:
    """The words in a script's strings; comments and style sheets are none."""
    found = [next((part for part in match.groups() if part is not None), "") for match in TOKEN.finditer(script)]
    return [text for text in found if is_human(text) and not STYLE.search(text)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_nothing_of_its_own(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    own = set(literals(carried(script))) if path in CARRYING else set()

    strange = [text for text in literals(script) if text not in own and text not in ALLOWED_IN_SCRIPTS]

    assert [text for text in strange if not is_selector(text)] == []


def is_selector(text: str) -> bool:
    """Names of elements parted by commas and spaces, as CSS selects them."""
    return bool(re.fullmatch(r"[a-z0-9\s.,#>\[\]=:*~+()^$-]+", text)) and ("[" in text or "," in text)


def carried(script: str) -> str:
    return script[script.index("const WORDS = {") :].partition("\n};")[0]


@pytest.mark.parametrize("path", CARRYING, ids=lambda path: path.name)
def test_a_script_says_in_both_languages_what_the_catalogues_say(path: Path) -> None:
    zh, en = carried(path.read_text(encoding="utf-8")).split("en: {")
    pair = re.compile(r'(\w+): "([^"]*)"')
    chinese, english = dict(pair.findall(zh)), dict(pair.findall(en))
    chinese |= {"one": chinese["other"]} if "other" in chinese else {}
    catalogue = catalogued()

    assert set(english) == set(chinese)
    assert {english[name]: catalogue.get(english[name]) for name in english} == {
        english[name]: chinese[name] for name in english
    }


def catalogued() -> dict[str, str]:
    """By what is said in English: what is said in Chinese."""
    said: dict[str, str] = {}
    for message, told in translated().items():
        parts = (message,) if isinstance(message, str) else message
        said |= dict.fromkeys(parts, told)
    return said


def test_what_the_ways_out_of_the_brief_say_of_failures_has_words_on_the_console() -> None:
    gap = re.compile(r"\{[^{}]*\}")
    known = {gap.sub("{}", sentence) for sentence in BRIEF_SENTENCES}
    found = set()
    for name in ("mail_errors", "robots"):
        tree = ast.parse((PACKAGE / f"app/briefs/{name}.py").read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                found.add(node.value)

    said = {text for text in found if text.endswith(".") and " " in text and text[0].isupper()}

    assert said - {"Check ZHANGGUI_{}_ROBOT and its secret."} <= known
    assert len(said) > 10
