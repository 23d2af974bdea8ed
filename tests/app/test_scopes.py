"""The scopes that are listed are those that routes ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from litestar import Litestar
from tests.app.builders import an_installation

from zhanggui.app.site import create_app
from zhanggui.trust.types.scopes import CUSTOMER, PUBLISHABLE, ROLES, SCOPES, is_known


def scopes_asked_for(app: Litestar) -> set[str]:
    handlers = (handler for route in app.routes for handler in getattr(route, "route_handlers", ()))
    return {handler.opt["scope"] for handler in handlers if "scope" in handler.opt}


def test_every_scope_is_asked_for_by_a_route_and_every_route_asks_for_one_of_them(tmp_path: Path) -> None:
    assert scopes_asked_for(create_app(an_installation(tmp_path))) == set(SCOPES)


@pytest.mark.parametrize("scopes", [PUBLISHABLE, CUSTOMER, *ROLES.values()])
def test_what_roles_and_public_keys_hold_is_known(scopes: frozenset[str]) -> None:
    assert [scope for scope in scopes if not is_known(scope)] == []
