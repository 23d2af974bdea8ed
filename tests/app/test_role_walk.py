"""Every route of API and pages, by each of its methods, is tried with every role: let in or refused as scopes say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control
from zhanggui.app.http import guard
from zhanggui.app.http.rates import Rate
from zhanggui.app.site import create_app
from zhanggui.trust.types.scopes import ROLES, holds

ENDS_THE_SESSION = re.compile(r"logout|/account/(?:sessions|password)")
"""Tried last: who called it is nobody afterwards."""
Client = TestClient[Any]


@dataclass(frozen=True, order=True)
class Door:
    """One method of one route that asks for a scope."""

    path: str
    method: str
    scope: str
    is_form: bool

    @property
    def filled(self) -> str:
        """Its address in the shop, of things that there are none of."""
        return re.sub(r"\{\w+\}", "1", self.path.replace("{shop}", SHOP))


@dataclass(frozen=True)
class Staff:
    """Somebody who works for the shop, with the token of their session's forms."""

    client: Client
    csrf: str

    def tries(self, door: Door) -> int:
        """The status of the least that can be sent there."""
        if door.method == "GET":
            return self.client.get(door.filled, follow_redirects=False).status_code
        if door.is_form:
            sent = self.client.request(door.method, door.filled, data={"csrf": self.csrf}, follow_redirects=False)
        else:
            headers = {"x-csrf-token": self.csrf}
            sent = self.client.request(door.method, door.filled, json={}, headers=headers, follow_redirects=False)
        return sent.status_code


@dataclass(frozen=True)
class House:
    doors: tuple[Door, ...]
    staff: dict[str, Staff]
    nobody: Client


def doors_of(app: Any) -> Iterator[Door]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if "scope" not in handler.opt:
                continue
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                is_form = bool(handler.opt.get("has_form"))
                yield Door(route.path_format, str(method), handler.opt["scope"], is_form)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = an_installation(tmp_path_factory.mktemp("walk"))
    with open_control(settings) as control:
        control.users.add("keeper", roles={"*": "owner"})
        for role in ROLES:
            control.users.add(role, roles={SHOP: role})
        links = {role: control.users.login_link(role).rpartition("/")[2] for role in ROLES}
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as patch, TestClient(app) as client:
        patch.setattr(guard, "REFUSED", Rate(10_000, 20_000))  # nobody knocks at every door within a minute

        def visitor() -> Client:
            own: Client = TestClient(app, base_url="http://testserver.local", raise_server_exceptions=False)
            own.blocking_portal = client.blocking_portal
            return own

        staff = {}
        for role, link in links.items():
            own = visitor()
            assert own.post(f"/login/link/{link}", follow_redirects=False).status_code == 303
            page = own.get(f"/console/{SHOP}/account").text
            staff[role] = Staff(own, page.partition('name="csrf" value="')[2].partition('"')[0])
        doors = sorted(doors_of(app), key=lambda door: (bool(ENDS_THE_SESSION.search(door.path)), door))
        yield House(tuple(doors), staff, visitor())


def test_the_walk_sees_the_whole_house(house: House) -> None:
    methods = {door.method for door in house.doors}

    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} >= methods > {"GET", "POST"}
    assert sum(door.path.startswith("/v1/") for door in house.doors) > 100
    assert sum(door.path.startswith("/console/") for door in house.doors) > 100
    assert all(one.csrf for one in house.staff.values())


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_is_let_in_where_it_holds_the_scope_and_nowhere_else(house: House, role: str) -> None:
    wrong = []
    for door in house.doors:
        may, status = holds(ROLES[role], door.scope), house.staff[role].tries(door)
        if may is (status in (401, 403)) or status >= 500:
            wrong.append((door.method, door.path, door.scope, status))

    assert not wrong, "\n".join(map(str, wrong))


def test_nobody_is_let_in_anywhere(house: House) -> None:
    let_in = []
    for door in house.doors:
        answer = house.nobody.request(door.method, door.filled, json={}, follow_redirects=False)
        is_led_to_login = answer.status_code == 303 and "/login" in answer.headers["location"]
        if answer.status_code != 401 and not is_led_to_login:
            let_in.append((door.method, door.path, answer.status_code))

    assert let_in == []
