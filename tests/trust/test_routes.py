from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.testing import TestClient
from tests.trust.builders import (
    Time,
    a_control_store,
    a_draft,
    a_ledger,
    a_shop_store,
    a_signer,
    proposals_on,
    stock_the_shop,
)

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.shop import Exporter
from zhanggui.shop.outbox import Outbox
from zhanggui.shop.outbox.routes import OutboxRoutes
from zhanggui.shop.tables.people import VISITOR, person_numbers
from zhanggui.trust import Caller, Consents, Keys, Proposals
from zhanggui.trust.routes import ConsentRoutes, KeyRoutes, LedgerRoutes, ProposalRoutes, RecordRoutes
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.service.record_parts import LedgerRecord, ProposalRecord

STATUS = {Kind.NOT_FOUND: 404, Kind.CONFLICT: 409, Kind.FORBIDDEN: 403, Kind.UNAUTHENTICATED: 401}


def given(thing: object) -> Provide:
    return Provide(lambda: thing, sync_to_thread=False)


class PlainCursors:
    def seal(self, key: str, *, listing: str) -> str:
        return f"{listing}|{key}"

    def open(self, cursor: str, *, listing: str) -> str:
        return cursor.removeprefix(f"{listing}|")


@dataclass
class Door:
    client: TestClient[Litestar]
    proposals: Proposals
    keys: Keys
    caller: Caller

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        answer = self.client.request(method, f"/v1/teahouse{path}", json=body)
        return answer.status_code, answer.json()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    db, control, time = a_shop_store(tmp_path), a_control_store(tmp_path), Time()
    stock_the_shop(db)
    proposals = proposals_on(db, clock=time)
    ledger = a_ledger(db, clock=time, signer=a_signer(tmp_path))
    keys = Keys(db=control, clock=time, entropy=secrets.token_bytes, pepper=bytes(32))
    services = {
        "proposals": proposals,
        "ledger": ledger,
        "guard": PiiGuard(),
        "keys": keys,
        "consents": Consents(db=db, clock=time, ledger=ledger),
        "notices": Notices(db=db, clock=time, ledger=ledger),
        "outbox": Outbox(db=db, queue=proposals.outbox, settle=proposals.settle),
        "cursors": PlainCursors(),
        "exporter": Exporter(db=db, cipher=SubjectCipher(bytes(32)), records=(LedgerRecord(), ProposalRecord())),
    }

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        made.caller.require(handler.opt["scope"], connection.path_params["shop"])
        connection.scope["state"]["caller"] = made.caller

    def problem(_: Request[Any, Any, Any], error: ZhangguiError) -> Response[Any]:
        return Response({"code": error.code, "hint": error.hint}, status_code=STATUS.get(error.kind, 422))

    app = Litestar(
        [ProposalRoutes, LedgerRoutes, RecordRoutes, KeyRoutes, ConsentRoutes, OutboxRoutes],
        dependencies={name: given(thing) for name, thing in services.items()},
        guards=[guard],
        exception_handlers={ZhangguiError: problem},  # type: ignore[dict-item]
    )
    everything = Caller(kind="user", id="li", grants={"teahouse": frozenset({"*"})})
    db.write(lambda connection: person_numbers(connection, VISITOR, ["v1"], create=True))
    with TestClient(app) as client:
        made = Door(client, proposals, keys, everything)
        yield made
    db.close()
    control.close()


def a_body(**more: object) -> dict[str, object]:
    body = {
        "kind": "shop.reprice_offer",
        "subject": "longjing",
        "change": {"price_minor": 9000},
        "reason": {"code": "slow_seller"},
        "author": {"kind": "person", "name": "li"},
    }
    return {**body, **more}


def test_a_proposal_goes_its_whole_way(door: Door) -> None:
    status, [made] = door.call("POST", "/proposals", [a_body()])
    assert (status, made["state"]) == (200, "proposed")
    _, edited = door.call("PUT", f"/proposals/{made['id']}/change", {"change": {"price_minor": 9500}})
    status, problem = door.call("POST", f"/proposals/{made['id']}/approve", {"hash": made["hash"]})
    assert (status, problem["code"]) == (409, "trust.wrong_state")
    _, applied = door.call("POST", f"/proposals/{made['id']}/approve", {"hash": edited["hash"]})
    assert (applied["state"], applied["decided_by"]) == ("applied", "user:li")
    _, undone = door.call("POST", f"/proposals/{made['id']}/undo")

    assert undone["state"] == "undone"
    assert door.call("GET", f"/proposals/{made['id']}")[1] == undone


def test_a_proposal_leaves_by_the_outbox_and_comes_back_confirmed(door: Door) -> None:
    _, [made] = door.call("POST", "/proposals", [a_body(outlet="by-hand")])
    _, queued = door.call("POST", f"/proposals/{made['id']}/approve", {"hash": made["hash"]})
    entry = door.call("GET", f"/outbox/{queued['outbox_id']}")[1]
    _, confirmed = door.call("POST", f"/outbox/{entry['id']}/confirm", {"applied": True})

    assert (entry["card"]["code"], confirmed["state"]) == ("set_price", "confirmed")
    assert door.call("GET", f"/proposals/{made['id']}")[1]["state"] == "applied"
    assert door.call("POST", f"/outbox/{entry['id']}/cancel")[0] == 409
    assert [one["id"] for one in door.call("GET", "/outbox")[1]["items"]] == [entry["id"]]


def test_a_cancelled_entry_fails_its_proposal(door: Door) -> None:
    _, [made] = door.call("POST", "/proposals", [a_body(outlet="by-hand")])
    _, queued = door.call("POST", f"/proposals/{made['id']}/approve", {"hash": made["hash"]})
    door.call("POST", f"/outbox/{queued['outbox_id']}/cancel")

    assert door.call("GET", f"/proposals/{made['id']}")[1]["state"] == "failed"


def test_a_rejection_and_a_confirmation_of_nothing(door: Door) -> None:
    _, [made] = door.call("POST", "/proposals", [a_body()])
    assert door.call("POST", f"/proposals/{made['id']}/confirm")[0] == 409
    assert door.call("POST", f"/proposals/{made['id']}/reject", {"reason": {"code": "no"}})[1]["state"] == "rejected"


def test_lists_go_on_where_they_stopped(door: Door) -> None:
    door.proposals.propose([a_draft() for _ in range(3)])
    first = door.call("GET", "/proposals?limit=2")[1]
    second = door.call("GET", f"/proposals?limit=2&after={first['next']}")[1]
    entries = door.call("GET", "/ledger?limit=2")[1]

    assert len({one["id"] for one in first["items"] + second["items"]}) == 3
    assert door.call("GET", f"/ledger?limit=2&after={entries['next']}")[1]["items"][0]["seq"] == 3


def test_levels_pause_and_resume(door: Door) -> None:
    assert door.call("PUT", "/autonomy/shop.reprice_offer", {"level": "act"})[0] == 200
    assert door.call("POST", "/pause")[1]["is_paused"] is True
    assert {one["acts_as"] for one in door.call("GET", "/autonomy")[1]["kinds"]} == {"observe"}
    assert door.call("POST", "/resume")[1]["is_paused"] is False


def test_the_ledger_is_anchored_and_verified(door: Door) -> None:
    door.proposals.propose([a_draft()])
    _, anchor = door.call("POST", "/ledger/anchor")

    status, report = door.call("POST", "/ledger/verify", {"anchor": anchor})

    assert (status, report["is_intact"], report["anchor"]) == (200, True, 1)


def test_the_ledger_and_the_proposals_go_out_as_records(door: Door) -> None:
    _, [made] = door.call("POST", "/proposals", [a_body()])

    ledger, proposals = (door.client.get(f"/v1/teahouse/export/{name}").text for name in ("ledger", "proposals"))

    assert [json.loads(line)["seq"] for line in ledger.splitlines()] == [1]
    assert [json.loads(line)["id"] for line in proposals.splitlines()] == [made["id"]]


@pytest.mark.parametrize("name", ["ledger", "proposals"])
def test_who_takes_facts_out_does_not_take_records_out(door: Door, name: str) -> None:
    door.caller = Caller(kind="key", id="k", grants={"teahouse": frozenset({"shop:*"})})

    assert door.call("GET", f"/export/{name}")[1]["code"] == "trust.out_of_scope"


def test_a_key_cannot_make_one_that_may_more(door: Door) -> None:
    status, issued = door.call("POST", "/keys", {"name": "till", "scopes": ["shop:read"]})
    assert status == 201
    door.caller = Caller(kind="key", id="k", grants={"teahouse": frozenset({"keys:*", "events:write"})})

    assert door.call("POST", "/keys", {"name": "more", "scopes": ["shop:read"]})[0] == 403
    assert door.call("POST", f"/keys/{issued['key']['id']}/rotate", {})[0] == 403
    assert door.call("POST", "/keys", {"name": "less", "scopes": ["events:write"]})[0] == 201
    assert door.call("POST", f"/keys/{issued['key']['id']}/revoke")[1]["revoked_at"] is not None
    assert all("secret" not in key for key in door.call("GET", "/keys")[1])


def test_what_is_done_about_keys_stands_in_the_ledger(door: Door) -> None:
    _, made = door.call("POST", "/keys", {"name": "till", "scopes": ["shop:read"]})
    _, rotated = door.call("POST", f"/keys/{made['key']['id']}/rotate", {})
    door.call("POST", f"/keys/{rotated['key']['id']}/revoke")

    seen = [(one["kind"], one["actor"], one["payload"]["subject"]) for one in door.call("GET", "/ledger")[1]["items"]]

    first, second = f"key:{made['key']['id']}", f"key:{rotated['key']['id']}"
    assert seen == [
        ("access.key_made", "user:li", first),
        ("access.key_rotated", "user:li", second),
        ("access.key_revoked", "user:li", second),
    ]


def test_a_service_key_mints_a_customers_token(door: Door) -> None:
    _, issued = door.call("POST", "/keys", {"name": "till", "scopes": ["tokens:mint"]})
    door.caller = Caller(kind="key", id=issued["key"]["id"], grants={"teahouse": frozenset({"tokens:mint"})})

    status, minted = door.call("POST", "/customer-tokens", {"customer_id": "u42", "ttl_s": 60})

    assert (status, minted["token"][:6]) == (201, "zg_ct_")
    assert door.call("POST", "/customer-tokens", {"customer_id": "u42", "ttl_s": 901})[0] == 400


def test_consents_are_recorded_and_read(door: Door) -> None:
    status, held = door.call("PUT", "/visitors/v1/personalization", {"is_on": False})

    assert status == 200
    assert {one["purpose"] for one in held if one["is_granted"]} == {"service"}
    assert door.call("GET", "/customers/nobody/consents")[0] == 404
    assert door.call("PUT", "/consent-notices", {"notice": "welcome", "purposes": ["marketing"]})[1] == [
        {"notice": "welcome", "purposes": ["marketing"]}
    ]


@pytest.mark.parametrize("name", ["a" * 401, "privacy%403", "%0A"], ids=["long", "at", "newline"])
def test_a_notice_that_cannot_be_read_back_is_not_published(door: Door, name: str) -> None:
    version = {"purposes": ["personalization"]}

    assert door.call("POST", f"/consent-notices/{name}/versions", version)[0] == 400
    assert door.call("POST", f"/consent-notices/{'a' * 400}/versions", version)[0] == 201


def test_without_the_scope_nothing_happens(door: Door) -> None:
    door.caller = Caller(kind="key", id="k", grants={"teahouse": frozenset({"ledger:read"})})

    assert door.call("POST", "/proposals", [a_body()])[0] == 403
    assert door.call("GET", "/ledger")[0] == 200
