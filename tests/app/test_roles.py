"""Who may see people: every route of the API is looked at with every role, and held against a declared table."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.trust.types.scopes import ABOUT_PEOPLE, ROLES, holds
from zhanggui.trust.types.watch import AlertKind, Departure

NAMES_SOMEBODY = {"customer_id", "visitor_id", "identifiers", "email", "phone"}
FREE = "张伟 13912345071 asks where his parcel is"
OWNER, OPERATOR, AGENT = "owner", "operator", "agent"
SEES_PEOPLE: dict[str, set[str]] = {
    "shop:people": {OWNER, OPERATOR},
    "shop:write": {OWNER, OPERATOR},
    "audience:own": {OWNER, OPERATOR},
    "audience:read": {OWNER, OPERATOR},
    "audience:serve": {OWNER, OPERATOR, AGENT},
    "contests:read": {OWNER, OPERATOR, AGENT},
    "contests:write": {OWNER, OPERATOR, AGENT},
    "contests:answer": {OWNER, OPERATOR, AGENT},
    "consents:read": {OWNER, OPERATOR, AGENT},
    "consents:write": {OWNER, OPERATOR, AGENT},
    "persons:export": {OWNER, OPERATOR},
    "persons:erase": {OWNER, OPERATOR},
    "recommend:admin": {OWNER, OPERATOR},
    "recommend:write": {OWNER, OPERATOR},
    "tokens:mint": {OWNER, OPERATOR},
    "ledger:read": {OWNER, "auditor"},
}
"""Scope → the roles that reach rows of people by it. Of the ledger an auditor sees no shopper's id: below."""
AS_FILES = {"shop:export"}
"""Opens people by files, whose shape no route declares."""
FOR_SOMEBODY = {"recommend:read", "recommend:measure"}
"""Asked for one shopper by id, these say what goods stand in a list, and nothing of the shopper."""


@dataclass(frozen=True)
class Door:
    """One method of one route of the API."""

    method: str
    path: str
    scope: str
    is_personal: bool


@dataclass(frozen=True)
class House:
    settings: Settings
    client: TestClient[Any]
    doors: tuple[Door, ...]

    def staff(self, role: str) -> TestClient[Any]:
        client: TestClient[Any] = TestClient(self.client.app, base_url="http://testserver.local")
        client.blocking_portal = self.client.blocking_portal
        with open_control(self.settings) as control:
            if role not in {user.account for user in control.users.list()}:
                control.users.add(role, roles={SHOP: role})
            token = control.users.login_link(role)
        assert client.post(f"/login/link/{token}", follow_redirects=False).status_code == 303
        return client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = an_installation(tmp_path_factory.mktemp("roles"))
    with open_control(settings) as control:
        control.users.add("keeper", roles={"*": "owner"})
    with open_rooms(SHOP, settings) as rooms:
        ids, customer = ["u42-secret"], (0, "u42-secret")
        number = rooms.db.write(lambda db: rooms.people.numbers(db, ids, create=True))[customer]
        rooms.consents.record(number, Purpose.MARKETING, granted=True, actor="customer:u42-secret")
        told = {"person": number, "reason": FREE, "drafts": [{"words": FREE, "members": ["u42-secret"]}]}
        rooms.db.write(lambda db: rooms.ledger.append(db, "people.shown", told, "user:li", person=number))
        (alert,) = rooms.watch.tell([Departure(kind=AlertKind.DATA, subject="sales", seen=1, usual=9, most=3)])
        rooms.watch.acknowledge(alert.id, FREE, "user:li")
    app = create_app(settings)
    with TestClient(app) as client:
        yield House(settings, client, tuple(doors_of(app)))


def doors_of(app: Any) -> Iterator[Door]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not route.path.startswith("/v1/{shop:str}") or "scope" not in handler.opt:
                continue
            fields = set(fields_of(handler.parsed_return_field.annotation, set()))
            is_personal = bool(fields & NAMES_SOMEBODY) or bool(re.search(r"\{(customer|visitor)_id", route.path))
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                yield Door(str(method), route.path_format, handler.opt["scope"], is_personal)


def fields_of(kind: Any, seen: set[Any]) -> Iterator[str]:
    """The names of all fields of a type and of what it is made of."""
    for part in typing.get_args(kind):
        yield from fields_of(part, seen)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        for field in msgspec.structs.fields(kind):
            yield field.name
            yield from fields_of(field.type, seen)


def test_what_names_people_stands_behind_scopes_of_people(house: House) -> None:
    undeclared = {
        (door.scope, door.path)
        for door in house.doors
        if door.is_personal and door.scope not in SEES_PEOPLE and door.scope not in FOR_SOMEBODY
    }

    assert undeclared == set()
    assert sum(door.is_personal for door in house.doors) > 20


def test_the_table_names_every_scope_about_people() -> None:
    assert SEES_PEOPLE.keys() - {"ledger:read"} == ABOUT_PEOPLE - AS_FILES


def test_only_declared_roles_reach_people() -> None:
    reached = {scope: {role for role in ROLES if holds(ROLES[role], scope)} for scope in SEES_PEOPLE}

    assert reached == SEES_PEOPLE


@pytest.mark.parametrize("role", list(ROLES))
def test_each_role_is_let_in_or_refused_as_the_table_says(house: House, role: str) -> None:
    client = house.staff(role)

    for door in house.doors:
        if door.method != "GET" or not door.is_personal:
            continue
        answer = client.get(re.sub(r"\{\w+\}", "1", door.path.replace("{shop}", SHOP)))
        seen = f"{role} {door.path} → {answer.status_code}"
        if holds(ROLES[role], door.scope):
            assert answer.status_code not in (401, 403), seen
        else:
            assert (answer.status_code, "trust.out_of_scope" in answer.text) == (403, True), seen


def test_nobody_who_counts_or_audits_writes_about_people(house: House) -> None:
    reached = {
        (role, door.method, door.path)
        for role in ("analyst", "auditor")
        for door in house.doors
        if door.is_personal and holds(ROLES[role], door.scope) and door.scope != "recommend:measure"
    }

    assert reached == set()


def test_an_auditor_reads_ledger_and_alerts_without_ids_of_shoppers_and_what_texts_say_of_them(house: House) -> None:
    auditor, owner = house.staff("auditor"), house.staff("owner")
    pages = [f"/v1/{SHOP}/ledger", f"/console/{SHOP}/ledger", f"/console/{SHOP}/ledger.csv"]
    pages += [f"/console/{SHOP}/ledger/{seq}" for seq in (1, 2, 4)]
    pages += [f"/console/{SHOP}/protection", f"/console/{SHOP}/protection/alerts.csv", f"/v1/{SHOP}/alerts"]

    for path in pages:
        seen, whole = auditor.get(path), owner.get(path)
        assert (seen.status_code, whole.status_code) == (200, 200), path
        assert not [secret for secret in ("u42-secret", "张伟", "13912345071") if secret in seen.text], path
    assert "customer:u42-secret" in owner.get(f"/v1/{SHOP}/ledger").text
    for path in pages[4:]:
        assert FREE in owner.get(path).text, path
    assert "asks where his parcel is" in auditor.get(f"/v1/{SHOP}/ledger").text


def test_the_ledger_is_listed_for_an_auditor_at_the_command_line(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = ["--home", str(house.settings.home), "ledger", "list", SHOP, "--json"]

    run([*listing, "--unnamed"])
    unnamed = capsys.readouterr().out
    run(listing)

    assert FREE in capsys.readouterr().out
    assert "u42-secret" not in unnamed
    assert "13912345071" not in unnamed
    assert "people.shown" in unnamed
