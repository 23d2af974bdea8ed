"""No page of the console writes a table by hand: the shared macro's sorts, is searched, has pages and a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.app.pages.table_walk import tables_of

from zhanggui.app.web.rendering import FOLDERS, PACKAGE

BY_HAND = {
    "shop/pages/order.html": "the lines of one order and of its returns, in the order of the receipt",
    "shop/pages/customer.html": "the last twenty orders of one person; all orders stand on their own page",
    "shop/pages/product.html": "offers, variants and past prices of one product; all products have a table and a file",
    "shop/pages/import_map.html": "a form, a row a column of the file, and how its first ten rows would be stored",
    "shop/pages/import_check.html": "the first refused rows; all of them are a file beside it",
    "shop/pages/today.html": "parts of one figure, the largest first, and the points of a curve; sales are on Orders",
    "recommend/pages/compare.html": "two models side by side, figure by figure",
    "recommend/pages/rules.html": "ten places before and after a rule that is tried: their order is what is told",
    "audience/pages/profile.html": "what is known of one person; they take it along as a file themselves",
    "recommend/pages/suited.html": "few people, best suited first, live; the segments that they stand in are a table",
    "trust/pages/guard.html": "what was found in a text that was typed in: nothing of it is kept",
    "trust/pages/figures.html": "one answer with noise; asking again would cost budget again",
    "trust/pages/fairness.html": "an interval drawn for each group, and the answer of a test that was just run",
}
"""Template → why its table is written by hand. Whoever adds one says why nobody wants to sort it or take it away."""
PAGES = [
    path
    for name, folder in FOLDERS.items()
    if name not in ("storefront", "tour", "widgets")
    for path in sorted(folder.rglob("*.html"))
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_page_of_the_console_has_its_tables_from_the_shared_macros(path: Path) -> None:
    name, text = path.relative_to(PACKAGE).as_posix(), path.read_text()
    by_hand = "<table" in text and name != "app/web/templates/macros.html"

    assert by_hand == (name in BY_HAND), "use m.listed or m.table, or say in BY_HAND why not"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_table_of_the_shared_macro_has_its_search_and_its_file_above_it(path: Path) -> None:
    text = path.read_text()
    tables = len(re.findall(r"\bm\.table\(", text))
    tools = len(re.findall(r'\bm\.table_tools\(|\bl\.tools\(|<form [^>]*table-tools" role="search"|ledger-tools', text))

    assert tools >= tables


def test_a_table_that_lacks_something_is_told() -> None:
    head = '<th scope="col" aria-sort="none"><a class="hit" href="/x?a-sort=n" hx-boost="true">N</a></th>'
    table = f'<table class="table"><caption>Bare</caption><tr>{head}</tr></table>'
    form = '<form class="row table-tools" role="search"><input name="a-q" type="search"><a href="/x.csv"></a></form>'
    pager = '<nav class="row small quiet pager">'

    assert tables_of(table)[0].lacks == ("a search or a choice", "a file", "pages")
    assert tables_of(form + table + pager)[0].lacks == ()
    assert tables_of(form.replace("a-q", "q") + table + pager)[0].lacks == ("a search or a choice", "a file")
