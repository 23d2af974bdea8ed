"""The attack by date, amount and city: it finds what it should, and nothing in what leaves the shop."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from bench.crawling import crawl, words_of
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.console.routes import ROUTES as CONSOLE
from zhanggui.app.http.routes import ROUTES
from zhanggui.app.site import create_app
from zhanggui.app.wiring.linkage import LEAVING, TELLS_NO_ORDER
from zhanggui.kernel.settings import Settings
from zhanggui.recommend.engines.withholding import of_too_few, pseudonym
from zhanggui.recommend.types.recipes import ExportLists
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust.engines.linkage import told_rows, unique_matches
from zhanggui.trust.service.linking import Linkage
from zhanggui.trust.types.linkage import KnownOrder
from zhanggui.trust.types.scopes import ROLES, holds

ORDERS = [
    KnownOrder("a", "2026-03-01", frozenset({8800, 4400}), "浙江"),
    KnownOrder("b", "2026-03-01", frozenset({8800}), "北京"),
    KnownOrder("c", "2026-03-02", frozenset({12900}), "浙江"),
]


def matches(table: object) -> list[tuple[int, str]]:
    return unique_matches(told_rows(table, {"浙江", "北京"}), ORDERS)


def test_a_day_and_an_amount_that_one_person_has_are_a_match() -> None:
    assert matches([{"day": "2026-03-02", "sales_minor": 12900}]) == [(0, "c")]
    assert matches([{"at": "2026-03-02T10:00:00Z", "total": 129.0}]) == [(0, "c")]
    assert matches([{"day": "2026-03-01", "sales_minor": 8800}]) == []


def test_a_city_parts_what_a_day_leaves_together() -> None:
    assert matches([{"day": "2026-03-01", "province": "北京", "value_minor": 8800}]) == [(0, "b")]
    assert matches([{"province": "浙江", "cells": [{"value_minor": 4400}]}]) == [(1, "a")]


def test_a_tier_of_city_parts_what_a_province_leaves_together() -> None:
    near = [
        KnownOrder("a", "2026-03-01", frozenset({8800}), "浙江", 1),
        KnownOrder("b", "2026-03-01", frozenset({8800}), "浙江", 3),
    ]
    table = [{"day": "2026-03-01", "province": "浙江", "city_tier": 3, "value_minor": 8800}]

    assert unique_matches(told_rows(table, {"浙江"}), near) == [(0, "b")]
    assert unique_matches(told_rows([{"city_tier": 3, "value_minor": 8800}], {"浙江"}), near) == [(0, "b")]
    assert unique_matches(told_rows([{"day": "2026-03-01", "value_minor": 8800}], {"浙江"}), near) == []


def test_only_who_runs_the_shop_takes_the_copy_that_names_whose_each_order_is() -> None:
    assert {role for role, scopes in ROLES.items() if holds(scopes, "shop:export")} == {"owner", "operator"}


def test_a_row_of_several_people_and_one_without_an_amount_name_nobody() -> None:
    assert matches([{"day": "2026-03-02", "sales_minor": 12900, "people": 12}]) == []
    assert matches([{"day": "2026-03-02", "clicks": 12900}]) == []


def test_a_table_of_orders_that_left_would_be_caught() -> None:
    linkage = Linkage(known=lambda: ORDERS, leaving={"leak": lambda: [{"day": "2026-03-02", "paid_minor": 12900}]})

    report = linkage.check()

    assert (report.is_safe, report.tables[0].unique) == (False, 1)


def test_a_product_is_told_beside_an_act_only_where_enough_people_took_to_it() -> None:
    import numpy as np

    person = np.array([1, 2, 3, 1, 1])
    product = np.array([7, 7, 7, 8, 7])
    month = np.array([1, 1, 1, 1, 2])

    few = of_too_few(person, product, month, np.array([True, True, True, True, False]), 3)

    assert few.tolist() == [False, False, False, True, False]


def test_the_name_of_a_list_holds_no_moment_and_is_always_the_same() -> None:
    first, second = "01J" + "0" * 22 + "1", "01J" + "0" * 22 + "2"

    assert pseudonym(first) == pseudonym(first) != pseudonym(second)
    assert pseudonym(first)[:10] != pseudonym(second)[:10]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("linkage"), SHOP)
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=15, customers=110, days=25)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
        lists = rooms.folder / "exports" / "lists"
        lists.mkdir(parents=True)
        rooms.recommend.batches.export(lists / "01.parquet", ExportLists(k=3))
    return settings


def test_nothing_that_leaves_the_shop_matches_one_person(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_rooms(SHOP, settings) as rooms:
        report = rooms.linkage.check()

    assert {table.name for table in report.tables} == set(LEAVING)
    assert report.orders > 10
    tried = {table.name: table.rows for table in report.tables}
    assert tried["GetListExportFile"] > 10
    assert tried["ReleaseFigures"] > 19  # each measure by each cut
    assert [table for table in report.tables if table.unique] == []
    assert run(["linkage", "check", SHOP, "--home", str(settings.home)]) == 0
    assert "No row names one person" in capsys.readouterr().out


def as_cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def test_no_file_of_the_console_that_an_analyst_may_take_matches_one_person(settings: Settings) -> None:
    """Files are found by the pages that an analyst is led to, and by the routes: a new one is attacked unasked."""
    mine = {
        path
        for route in CONSOLE
        for path in route.paths
        if path.endswith(".csv") and holds(ROLES["analyst"], str(route.opt["scope"]))
    }
    with open_control(settings) as control:
        control.users.add("ana", roles={SHOP: "analyst"})
        link = control.users.login_link("ana")
    app = create_app(settings)
    with TestClient(app) as client:
        client.post(f"/login/link/{link}")
        pages = crawl(client, (f"/console/{SHOP}",), words_of(route.path for route in app.routes)).pages
        linked = {file for page in pages for file in re.findall(r'href="([^"?]+\.csv)', client.get(page).text)}
        plain = {path.replace("{shop:str}", SHOP) for path in mine if path.count("{") == 1}
        answers = {path: client.get(path) for path in sorted(linked | plain)}
    files = {
        path: answer.text.removeprefix("\ufeff")
        for path, answer in answers.items()
        if answer.headers["content-type"].startswith("text/csv")
    }
    with open_rooms(SHOP, settings) as rooms:
        known = list(rooms.linkage.known())
    places = {order.place for order in known if order.place}

    tables = {path: list(csv.DictReader(io.StringIO(text))) for path, text in files.items()}
    found = {
        path: unique_matches(
            told_rows([{name: as_cell(cell) for name, cell in row.items()} for row in rows], places), known
        )
        for path, rows in tables.items()
    }

    assert len(mine) > 15
    assert sum(map(bool, tables.values())) >= 4
    assert {path: matched for path, matched in found.items() if matched} == {}


def outgoing() -> set[str]:
    """Operations that an analyst or an auditor may call, and those that carry rows out."""
    found: set[str] = set()
    for controller in ROUTES:
        for name in dir(controller):
            handler: Any = getattr(controller, name, None)
            if not isinstance(handler, HTTPRouteHandler):
                continue
            scope = str(handler.opt.get("scope", ""))
            is_read = any(holds(ROLES[role], scope) for role in ("analyst", "auditor"))
            if is_read or scope == "shop:export":
                found.add(str(handler.operation_id))
    return found - {"None"}


def test_every_way_out_for_others_is_attacked_or_says_why_not() -> None:
    declared = set(LEAVING) | set(TELLS_NO_ORDER)

    assert outgoing() - declared == set(), "give each a line in app/wiring/linkage.py"
    assert set(TELLS_NO_ORDER) & set(LEAVING) == set()
