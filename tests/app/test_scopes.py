"""The scopes that are listed are those that routes ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from litestar import Litestar

from zhanggui.app.http.front import FrontedApp
from zhanggui.app.http.given import Given
from zhanggui.app.http.guard import WATCHED
from zhanggui.trust.types.scopes import (
    ABOUT_NOBODY,
    ABOUT_PEOPLE,
    CUSTOMER,
    PUBLISHABLE,
    ROLES,
    SCOPES,
    holds,
    is_known,
)

WATCH_DOCS = Path(__file__).parents[2] / "docs" / "trust-watch.md"


def scopes_asked_for(app: Litestar) -> set[str]:
    handlers = (handler for route in app.routes for handler in getattr(route, "route_handlers", ()))
    return {handler.opt["scope"] for handler in handlers if "scope" in handler.opt}


def test_every_scope_is_asked_for_by_a_route_and_every_route_asks_for_one_of_them(every_route: FrontedApp) -> None:
    assert scopes_asked_for(every_route) == set(SCOPES)


AGGREGATES = {
    ("GET", "/console/{shop:str}"),
    ("GET", "/console/{shop:str}/models"),
    ("GET", "/console/{shop:str}/models.csv"),
    ("GET", "/console/{shop:str}/models/{model_id:str}"),
    ("GET", "/console/{shop:str}/models/served.csv"),
    ("GET", "/console/{shop:str}/models/{model_id:str}/shows.csv"),
    ("GET", "/console/{shop:str}/models/{model_id:str}/tried.csv"),
    ("GET", "/console/{shop:str}/models/{model_id:str}/checks.csv"),
    ("GET", "/v1/{shop:str}/models"),
    ("GET", "/v1/{shop:str}/models/quality"),
    ("GET", "/v1/{shop:str}/models/compare"),
    ("GET", "/console/{shop:str}/models/compare"),
    ("GET", "/v1/{shop:str}/models/{model_id:str}"),
    ("GET", "/console/{shop:str}/variety"),
    ("GET", "/console/{shop:str}/variety/measuring"),
    ("GET", "/console/{shop:str}/variety/cost.csv"),
    ("GET", "/console/{shop:str}/variety/days.csv"),
    ("GET", "/console/{shop:str}/variety/bubbles.csv"),
    ("GET", "/v1/{shop:str}/recommend-objectives/exposure"),
    ("GET", "/v1/{shop:str}/recommend-objectives/trade-off"),
    ("GET", "/v1/{shop:str}/recommend-objectives/trade-off/measuring"),
    ("GET", "/v1/{shop:str}/recommend-floors"),
    ("GET", "/v1/{shop:str}/off-policy"),
    ("POST", "/v1/{shop:str}/off-policy/estimate"),
    ("GET", "/v1/{shop:str}/products/{product_id:str}/audience"),
    ("GET", "/v1/{shop:str}/products/{product_id:str}/audience/segments"),
    ("GET", "/v1/{shop:str}/audience/predictions/models"),
    ("GET", "/v1/{shop:str}/audience/predictions/offer-groups"),
    ("GET", "/console/{shop:str}/predictions"),
    ("GET", "/console/{shop:str}/predictions/models.csv"),
    ("GET", "/console/{shop:str}/predictions/offers.csv"),
    ("GET", "/console/{shop:str}/predictions/checks.csv"),
    ("GET", "/console/{shop:str}/predictions/{kind:str}/bins.csv"),
    ("GET", "/console/{shop:str}/predictions/{kind:str}/{plot:str}/bins.csv"),
    ("GET", "/v1/{shop:str}/audience/segments"),
    ("POST", "/v1/{shop:str}/audience/segments/counts"),
    ("GET", "/v1/{shop:str}/audience/segments/overlaps"),
    ("GET", "/v1/{shop:str}/audience/segments/{segment_id:str}"),
    ("GET", "/v1/{shop:str}/audience/segments/{segment_id:str}/sizes"),
    ("GET", "/v1/{shop:str}/audience/learned-segments"),
    ("GET", "/v1/{shop:str}/audience/learned-segments/{segment_id:str}"),
    ("GET", "/v1/{shop:str}/audience/learned-segments/{segment_id:str}/sizes"),
    ("GET", "/v1/{shop:str}/audience/cohorts"),
    ("GET", "/v1/{shop:str}/audience/flow"),
    ("GET", "/v1/{shop:str}/audience/plans"),
    ("GET", "/console/{shop:str}/products/{product_id:str}/audience"),
    ("GET", "/console/{shop:str}/products/{product_id:str}/audience.csv"),
    ("GET", "/console/{shop:str}/plans"),
    ("GET", "/console/{shop:str}/plans/batches.csv"),
    ("GET", "/console/{shop:str}/plans/results.csv"),
    ("GET", "/console/{shop:str}/journeys"),
    ("GET", "/console/{shop:str}/journeys/cohorts.csv"),
    ("GET", "/console/{shop:str}/journeys/moves.csv"),
    ("GET", "/console/{shop:str}/segments"),
    ("GET", "/console/{shop:str}/segments.csv"),
    ("GET", "/console/{shop:str}/segments/{segment_id:str}"),
    ("GET", "/console/{shop:str}/segments/{segment_id:str}/days.csv"),
    ("GET", "/console/{shop:str}/segments/shared.csv"),
    ("GET", "/console/{shop:str}/segments/learned"),
    ("GET", "/console/{shop:str}/segments/learned.csv"),
    ("GET", "/console/{shop:str}/segments/learned/tried.csv"),
    ("GET", "/console/{shop:str}/segments/learned/checks.csv"),
    ("GET", "/console/{shop:str}/segments/learned/{segment_id:str}"),
    ("GET", "/console/{shop:str}/segments/learned/{segment_id:str}/traits.csv"),
    ("GET", "/console/{shop:str}/segments/learned/{segment_id:str}/stages.csv"),
    ("GET", "/console/{shop:str}/segments/learned/{segment_id:str}/hours.csv"),
    ("GET", "/console/{shop:str}/segments/learned/{segment_id:str}/days.csv"),
    ("GET", "/console/{shop:str}/fairness"),
    ("GET", "/console/{shop:str}/fairness/floors.csv"),
    ("POST", "/console/{shop:str}/fairness/flip"),
    ("GET", "/v1/{shop:str}/fairness"),
    ("POST", "/v1/{shop:str}/fairness/flip"),
    ("GET", "/v1/{shop:str}/fairness/mitigations"),
    ("POST", "/v1/{shop:str}/fairness/mitigations"),
    ("GET", "/console/{shop:str}/figures"),
    ("POST", "/console/{shop:str}/figures"),
    ("POST", "/v1/{shop:str}/analyst-figures"),
    ("GET", "/v1/{shop:str}/analyst-figures/budget"),
    ("POST", "/v1/{shop:str}/analyst-figures/across"),
    ("POST", "/console/{shop:str}/figures/across"),
}
"""All that an analyst reaches beside the own account: figures of the shop and of its models, nobody's rows."""
NOT_WATCHED = {"shop:write", "recommend:write", "recommend:admin", "tokens:mint"} | {
    "consents:write",
    "contests:write",
    "contests:answer",
}
"""They reach people to write, answer, set up or mint: as often as the shop is busy, whoever looks on."""
WHO_MAY = {
    "owner": set(SCOPES),
    "operator": {
        scope
        for scope in SCOPES
        if scope.partition(":")[0] in {"shop", "events", "recommend", "audience", "outbox", "consents", "persons"}
    }
    | {"trust:read", "trust:propose", "trust:decide", "trust:pause", "tokens:mint", "account:own"}
    | {"protection:read", "ethics:read", "ethics:check", "trust:measure", "trust:guard"}
    | {"contests:read", "contests:answer", "contests:write"},
    "agent": {"shop:read", "shop:measure", "recommend:read", "trust:read", "trust:propose", "account:own"}
    | {"consents:read", "consents:write", "audience:serve", "trust:guard"}
    | {"contests:read", "contests:answer", "contests:write"},
    "analyst": {"shop:measure", "recommend:measure", "audience:measure", "account:own"}
    | {"trust:measure", "trust:figures"},
    "auditor": {"ledger:read", "ledger:verify", "persons:read", "protection:read", "account:own"}
    | {"ethics:read", "ethics:check", "trust:measure"},
}
"""The scopes of each role, one by one: a new scope in a room that a wildcard covers shows here."""


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_holds_these_scopes_and_no_other(role: str) -> None:
    assert {scope for scope in SCOPES if holds(ROLES[role], scope)} == WHO_MAY[role]


def test_an_analyst_reaches_aggregates_and_the_own_account_only(every_route: FrontedApp) -> None:
    reached = {
        (method, route.path)
        for route in every_route.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods - {"OPTIONS"}
        if holds(ROLES["analyst"], handler.opt.get("scope", "")) and handler.opt.get("scope") != "account:own"
    }

    assert reached == AGGREGATES


@pytest.mark.parametrize("role", ["analyst", "auditor"])
def test_who_counts_and_who_audits_sees_nobody(role: str) -> None:
    assert not [scope for scope in ABOUT_PEOPLE if holds(ROLES[role], scope)]


def test_every_scope_is_either_about_people_or_about_nobody() -> None:
    assert set(SCOPES) == ABOUT_PEOPLE | ABOUT_NOBODY, "say of a new scope whether it opens somebody's rows"
    assert not ABOUT_PEOPLE & ABOUT_NOBODY


def test_every_scope_about_people_is_counted_by_the_watch_or_named_as_not_counted() -> None:
    assert WATCHED.keys() | NOT_WATCHED == ABOUT_PEOPLE
    assert not WATCHED.keys() & NOT_WATCHED


def test_the_documentation_names_every_scope_that_the_watch_counts() -> None:
    rows = {
        line.split("|")[1].strip(): line for line in WATCH_DOCS.read_text(encoding="utf-8").splitlines() if "|" in line
    }

    for kind in set(WATCHED.values()):
        assert set(re.findall(r"`([a-z]+:[a-z]+)`", rows[f"`{kind}`"])) == {
            scope for scope, counted in WATCHED.items() if counted is kind
        }


@pytest.mark.parametrize("scopes", [PUBLISHABLE, CUSTOMER, *ROLES.values()])
def test_what_roles_and_public_keys_hold_is_known(scopes: frozenset[str]) -> None:
    assert [scope for scope in scopes if not is_known(scope)] == []


def test_what_all_handlers_can_be_given_is_compared_at_no_cost(every_route: FrontedApp) -> None:
    assert {type(one) for one in every_route.dependencies.values()} == {Given}
