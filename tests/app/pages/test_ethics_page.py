"""Promises, laws and the review of a year: in the console, over HTTP and as commands."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.trust import CreateKey
from zhanggui.trust.engines.ethics import read_clauses

Client = TestClient[Any]
PAGE, API = f"/console/{SHOP}/ethics", f"/v1/{SHOP}/ethics"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("ethics"))
    with open_control(settings) as control:
        for role in ("auditor", "agent"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Client]:
    with TestClient(create_app(settings)) as client:
        yield client


def logged_in(client: Client, settings: Settings, role: str) -> Client:
    client.cookies.clear()
    with open_control(settings) as control:
        link = control.users.login_link(role)
    client.post(f"/login/link/{link}")
    return client


def test_an_auditor_reads_the_promises_and_has_them_checked(client: Client, settings: Settings) -> None:
    page = logged_in(client, settings, "auditor").get(f"{PAGE}?lang=en").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    assert page.count("Not looked at yet") == len(read_clauses())

    after = client.post(f"{PAGE}/check", data={"csrf": token[1]}, headers={"Accept-Language": "en"}).text

    assert "Every check was run." in after
    assert "Not looked at yet" not in after
    assert "Broken" not in after
    # An empty shop keeps what its tables and roles show; of people and orders there is nothing to look at.
    assert 0 < after.count("Nothing to look at yet") < len(read_clauses())
    assert f"{after.count('It is kept')} of {len(read_clauses())} promises" in after


def test_the_ledger_says_in_words_that_the_schedule_looked(client: Client, settings: Settings) -> None:
    with open_rooms(SHOP, settings) as rooms:
        rooms.ethics.check()

    for language, words in (("zh", "定时检查"), ("en", "the schedule")):
        page = logged_in(client, settings, "auditor").get(f"/console/{SHOP}/ledger?lang={language}").text
        assert words in page
        assert ">schedule<" not in page
        assert getattr(read_clauses()[0], language) in html.unescape(page)


def test_the_matrix_of_laws_narrows_and_comes_as_a_file(client: Client, settings: Settings) -> None:
    logged_in(client, settings, "auditor")

    page = client.get(f"{PAGE}/law?law=gdpr&lang=en").text
    table = client.get(f"{PAGE}/law.csv?read=yes").text

    assert "a machine&#39;s format" in page
    assert "Data Security Law</th>" not in page
    assert len(table.strip().splitlines()) == 1 + table.count(",True,")


def test_the_review_of_a_year_comes_as_a_page_and_as_a_pdf(client: Client, settings: Settings) -> None:
    logged_in(client, settings, "auditor")

    page, pdf = client.get(f"{PAGE}/reviews/2026/page?lang=zh"), client.get(f"{PAGE}/reviews/2026/pdf")

    assert "2026 年伦理与合规审查" in page.text
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(f"{PAGE}/reviews/1066/pdf").status_code == 404


def test_who_serves_customers_sees_neither_page_nor_answer(client: Client, settings: Settings) -> None:
    logged_in(client, settings, "agent")

    assert client.get(PAGE).status_code == 403
    assert client.get(API).status_code == 403


def test_a_key_reads_state_matrix_and_review(client: Client, settings: Settings) -> None:
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="audit", kind="service", scopes=("ethics:read",))).secret
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {key}"}

    state = client.get(API, headers=headers).json()
    review = client.get(f"{API}/reviews/2026", headers=headers).json()

    assert len(state["clauses"]) == len(read_clauses())
    assert client.get(f"{API}/law", headers=headers).json()["articles"]
    assert all(figure["query"] for section in review["sections"] for figure in section["figures"])
    assert client.post(f"{API}/checks", headers=headers).status_code == 403


def test_the_commands_end_with_1_where_a_promise_is_open(
    settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home = ["--home", str(settings.home)]

    assert run(["ethics", "check", SHOP, "--json", *home]) in {0, 1}
    kept = {one["clause"]["id"]: one for one in json.loads(capsys.readouterr().out)["clauses"]}
    assert run(["audit", "report", SHOP, "--year", "2026", "--out", str(tmp_path), *home]) == 0
    assert run(["audit", "report", SHOP, "--year", "1066", *home]) != 0
    this_year = tmp_path / "without a year"
    assert run(["audit", "report", SHOP, "--out", str(this_year), *home]) == 0
    assert len(list(this_year.glob("review-20*.html"))) == 1

    assert kept["record-intact"]["result"]["outcome"]["wrong"] == 0
    assert (tmp_path / "review-2026.html").stat().st_size > 0
    assert (tmp_path / "review-2026.pdf").stat().st_size > 0
