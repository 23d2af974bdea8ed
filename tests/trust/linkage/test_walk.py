"""Every file and report that roles without rights about people can fetch, found by walking the routes, is attacked."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui import shop
from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.app.wiring.linkage import NAMES_PEOPLE
from zhanggui.audience import NewSegment
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust.engines.linkage import told_rows, unique_matches
from zhanggui.trust.types.linkage import KnownOrder
from zhanggui.trust.types.scopes import ABOUT_NOBODY, ABOUT_PEOPLE, ROLES, holds

WITHOUT_PEOPLE = [role for role in ROLES if not any(holds(ROLES[role], scope) for scope in ABOUT_PEOPLE)]
NO_TABLE = {
    "/v1/{shop}/ethics/reviews/{year}/pdf": "the pages of GET …/reviews/{year}, which is attacked",
    "/v1/{shop}/ethics/reviews/{year}/page": "the same",
    "/v1/{shop}/models/{model_id}": "one of GET …/models, which is attacked",
    "/v1/{shop}/models/compare": "two of GET …/models, which is attacked",
    "/v1/{shop}/models/quality": "figures of a model that serves; attacked by `linkage check`",
    "/v1/{shop}/audience/learned-segments/{segment_id}": "one of GET …/learned-segments, which is attacked",
    "/v1/{shop}/audience/learned-segments/{segment_id}/sizes": "its size by day",
    "/v1/{shop}/erasures/{receipt_id}": "one of GET …/erasures, which is attacked",
    "/console/{shop}/predictions/{kind}/bins.csv": "of a model that learned from hundreds; here are too few",
    "/console/{shop}/predictions/{kind}/{plot}/bins.csv": "the same",
}
"""Path of the API → why it is not fetched here."""
SOURCE = Path(shop.__file__).parents[1]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Door:
    path: str
    scope: str

    @property
    def is_file(self) -> bool:
        return self.path.endswith(".csv")


@dataclass(frozen=True)
class Walk:
    doors: tuple[Door, ...]
    clients: dict[str, TestClient[Any]]
    known: list[KnownOrder]
    filled: dict[str, str]

    def table(self, door: Door, role: str) -> tuple[int, object]:
        """What somebody of a role gets there: rows of a file by their heads, or JSON."""
        named = door.path.replace("learned/{segment_id}", "learned/{learned_id}")
        path = re.sub(r"\{(\w+)\}", lambda found: self.filled[found[1]], named)
        answer = self.clients[role].get(path)
        if answer.status_code != 200:
            return answer.status_code, answer.text
        if answer.headers["content-type"].startswith("text/csv"):
            return 200, rows_of(answer.content.decode("utf-8-sig"))
        lines = [json.loads(line) for line in answer.text.splitlines()]
        return 200, lines if len(lines) > 1 else lines[0]

    def matches(self, table: object) -> list[tuple[int, str]]:
        places = {order.place for order in self.known if order.place}
        return unique_matches(told_rows(table, places), self.known)


def rows_of(text: str) -> list[dict[str, object]]:
    """A file's rows, its numbers as numbers; what a spreadsheet would take for a formula has a mark before it."""
    return [
        {head: float(cell) if _NUMBER.fullmatch(cell.lstrip("'")) else cell for head, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]


def doors_of(app: Any) -> Iterator[Door]:
    """Files of the console, and whatever else the API answers with tables or reports."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if "GET" not in handler.http_methods or "scope" not in handler.opt:
                continue
            if route.path_format.endswith(".csv") or route.path_format.startswith("/v1/{shop}"):
                yield Door(route.path_format, handler.opt["scope"])


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    settings = an_installation(tmp_path_factory.mktemp("walk"), SHOP)
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=15, customers=110, days=25)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
        known = list(rooms.linkage.known())
        filled = {"shop": SHOP, "year": str(rooms.clock().year), "seq": "1"}
        filled["segment_id"] = rooms.audience.segments.add(NewSegment(name="常客", rule="orders >= 2"), "user:owner").id
        rooms.audience.segments.add(NewSegment(name="来过", rule="orders >= 1"), "user:owner")
        rooms.audience.segments.count_all()
        assert rooms.audience.learned.learning.learn(seed=1).state == "current"
        filled["learned_id"] = rooms.audience.learned.all().segments[0].id
        filled["model_id"] = rooms.recommend.train().model
        filled["product_id"] = rooms.catalogue.products(None, 1)[0].id
    with open_control(settings) as control:
        for role in ROLES:
            control.users.add(role, roles={SHOP: role})
        links = {role: control.users.login_link(role).rpartition("/")[2] for role in ROLES}
    app = create_app(settings)
    with TestClient(app) as client:
        clients = {}
        for role, link in links.items():
            own: TestClient[Any] = TestClient(app, base_url="http://testserver.local")
            own.blocking_portal = client.blocking_portal
            assert own.post(f"/login/link/{link}", follow_redirects=False).status_code == 303
            clients[role] = own
        yield Walk(tuple(doors_of(app)), clients, known, filled)


def test_roles_without_rights_about_people_are_these() -> None:
    assert WITHOUT_PEOPLE == ["analyst", "auditor"]


def test_no_file_and_no_report_for_them_matches_one_person(walk: Walk) -> None:
    attacked, refused, found = 0, [], []
    for role in WITHOUT_PEOPLE:
        for door in walk.doors:
            if not holds(ROLES[role], door.scope) or door.path in NO_TABLE:
                continue
            status, table = walk.table(door, role)
            if status != 200:
                refused.append((role, door.path, status, str(table)[:300]))
                continue
            attacked += 1
            found += [(role, door.path, row) for row, _ in walk.matches(table)]

    assert refused == []
    assert found == []
    assert NO_TABLE.keys() <= {door.path for door in walk.doors}
    assert attacked > 20


def test_no_file_that_stands_behind_a_scope_about_nobody_matches_one_person(walk: Walk) -> None:
    files = [door for door in walk.doors if door.is_file and door.scope in ABOUT_NOBODY]

    for door in files:
        if door.path in NO_TABLE:
            continue
        role = next(role for role in (*WITHOUT_PEOPLE, *ROLES) if holds(ROLES[role], door.scope))
        status, table = walk.table(door, role)
        assert (status, walk.matches(table)) == (200, []), door.path
    assert len(files) > 10


def test_files_that_name_people_are_declared_with_their_reason(walk: Walk) -> None:
    named = {door.path for door in walk.doors if door.is_file and door.scope in ABOUT_PEOPLE}

    assert named == set(NAMES_PEOPLE)
    for role in WITHOUT_PEOPLE:
        for path in sorted(named - {path for path in named if "{import" in path}):
            door = next(door for door in walk.doors if door.path == path)
            assert walk.table(door, role)[0] == 403, path


def test_only_who_runs_the_shop_may_take_the_file_of_orders(walk: Walk) -> None:
    door = next(door for door in walk.doors if door.path == "/console/{shop}/orders.csv")

    statuses = {role: walk.table(door, role)[0] for role in ROLES}

    assert statuses == {"owner": 200, "operator": 200, "agent": 403, "analyst": 403, "auditor": 403}


def test_the_command_line_asks_nobody_who_they_are_so_that_only_who_holds_the_machine_may_run_it() -> None:
    """No command knows a role: analysts and auditors get files over HTTP and on the console alone, attacked above."""
    commands = [file for file in SOURCE.rglob("*.py") if "commands" in file.parts or file.parent.name == "cli"]
    asking = {file.relative_to(SOURCE).as_posix() for file in commands if asks_who(file.read_text("utf-8"))}

    assert len(commands) > 30
    assert asking == set()
    assert asks_who("from zhanggui.trust.types.scopes import holds")


def asks_who(text: str) -> bool:
    """Whether a module knows what a role may do, or who calls."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    return any(alias.name in {"ROLES", "holds", "Caller"} for node in found for alias in node.names)


def test_the_attack_finds_somebody_in_the_file_of_orders(walk: Walk) -> None:
    """What an owner alone may fetch: were it given to others, the walk would see it."""
    status, table = walk.table(Door("/console/{shop}/orders.csv", "shop:people"), "owner")

    assert status == 200
    assert walk.matches(table)
