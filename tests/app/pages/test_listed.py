"""A table whose rows are in memory: one list of fields heads, sorts, searches, fills and exports it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from zhanggui.app.web import tables
from zhanggui.app.web.listed import Field, Listed, TablePlace, figure, unseen, word


@dataclass(frozen=True)
class Tea:
    name: str
    price: int | None
    origin: str = "杭州"


TEAS = [Tea("Oolong", 30), Tea("black", 9, "安徽"), Tea("Green", None), Tea("white", 120)]
FIELDS: tuple[Field[Tea], ...] = (
    word("name", "Tea", lambda one: one.name),
    figure("price", "Price", lambda one: one.price, lambda one: "few" if one.price is None else f"¥{one.price}"),
    unseen("origin", lambda one: one.origin),
)


def of(**query: str) -> Listed[Tea]:
    place = TablePlace(
        query={name.replace("_", "-"): value for name, value in query.items()}, path="/teas", prefix="t-"
    )
    return place.listed(
        TEAS,
        FIELDS,
        title="Teas",
        search="Find a tea",
        nothing="None yet.",
        file="/teas.csv",
        filters={"origin": lambda one: one.origin},
    )


def names(listed: Listed[Tea]) -> list[str]:
    return [one.name for one in listed.rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Oolong", "black", "Green", "white"]),
        ({"t_sort": "name"}, ["black", "Green", "Oolong", "white"]),
        ({"t_sort": "price"}, ["Green", "black", "Oolong", "white"]),
        ({"t_sort": "-price"}, ["white", "Oolong", "black", "Green"]),
        ({"t_sort": "origin"}, ["Oolong", "black", "Green", "white"]),  # a column of the file alone has no head
        ({"t_q": "¥1"}, ["white"]),
        ({"t_q": "few"}, ["Green"]),
        ({"t_q": "none"}, []),
        ({"t_origin": "安徽"}, ["black"]),
        ({"sort": "name", "q": "white"}, ["Oolong", "black", "Green", "white"]),  # of another table of the page
    ],
)
def test_rows_are_sorted_searched_and_chosen_as_the_address_asks(query: Mapping[str, str], found: list[str]) -> None:
    assert names(of(**query)) == found


def test_its_file_has_the_same_rows_in_the_same_order_and_what_stands_on_no_page() -> None:
    answer = of(t_sort="-price", t_q="l").file("teas")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows == [["name", "price", "origin"], ["Oolong", "30", "杭州"], ["black", "9", "安徽"]]


def test_what_may_not_be_told_is_an_empty_cell_of_the_file() -> None:
    rows = of(t_q="green").file("teas").content.decode("utf-8-sig").splitlines()

    assert rows[1] == "Green,,杭州"


def test_its_links_keep_what_the_rest_of_the_page_was_asked_but_no_notice() -> None:
    listed = of(t_sort="price", other_sort="day", customer="c-1", done="asked")

    assert listed.ask.sorted_by("name") == "/teas?t-sort=name&other-sort=day&customer=c-1"
    assert listed.export == "/teas.csv?t-sort=price&other-sort=day&customer=c-1"
    assert listed.is_asked
    assert not of(other_sort="day").is_asked


def test_it_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PER_PAGE", 3)

    first, second = of().page, of(t_page="2").page

    assert ([one.name for one in first.rows], first.has_next) == (["Oolong", "black", "Green"], True)
    assert ([one.name for one in second.rows], second.has_next) == (["white"], False)
