from __future__ import annotations

import getpass
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
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

from zhanggui.kernel.errors import InvalidInput
from zhanggui.trust import Keys, Ledger, Passwords, Proposals, Users
from zhanggui.trust.commands import (
    keys_commands,
    ledger_commands,
    pause_command,
    proposals_commands,
    resume_command,
    users_commands,
)

PEPPER = bytes(32)


@dataclass
class Rooms:
    proposals: Proposals
    ledger: Ledger
    keys: Keys
    users: Users

    @contextmanager
    def open(self, shop: str) -> Iterator[Rooms]:
        assert shop == "teahouse"
        yield self

    @contextmanager
    def open_users(self) -> Iterator[Users]:
        yield self.users


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    db, control, time = a_shop_store(tmp_path), a_control_store(tmp_path), Time()
    stock_the_shop(db)
    yield Rooms(
        proposals=proposals_on(db, clock=time),
        ledger=a_ledger(db, clock=time, signer=a_signer(tmp_path)),
        keys=Keys(db=control, clock=time, entropy=secrets.token_bytes, pepper=PEPPER),
        users=Users(db=control, clock=time, entropy=secrets.token_bytes, pepper=PEPPER, passwords=Passwords()),
    )
    db.close()
    control.close()


def test_a_proposal_is_shown_approved_and_undone(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    [proposal] = rooms.proposals.propose([a_draft()])
    app = proposals_commands(rooms.open)

    app(["list", "teahouse"], result_action="return_value")
    app(["show", "teahouse", proposal.id], result_action="return_value")
    assert capsys.readouterr().out.count(proposal.id) == 2
    app(
        ["approve", "teahouse", proposal.id, "--seen-hash", proposal.hash, "--json"],
        result_action="return_value",
    )
    assert json.loads(capsys.readouterr().out)["state"] == "applied"
    app(["undo", "teahouse", proposal.id], result_action="return_value")
    assert "undone" in capsys.readouterr().out


def test_pausing_and_resuming(rooms: Rooms) -> None:
    pause_command(rooms.open)(["teahouse"], result_action="return_value")
    assert rooms.proposals.autonomy().is_paused

    resume_command(rooms.open)(["teahouse"], result_action="return_value")
    assert not rooms.proposals.autonomy().is_paused


def test_levels_are_set_and_shown(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    app = proposals_commands(rooms.open)
    app(["set-level", "teahouse", "shop.reprice_offer", "act"], result_action="return_value")
    app(["levels", "teahouse"], result_action="return_value")

    assert "act" in capsys.readouterr().out


def test_the_ledger_is_verified_against_an_anchor(
    rooms: Rooms, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = ledger_commands(rooms.open)
    rooms.proposals.propose([a_draft()])
    anchor = str(tmp_path / "anchor.json")
    app(["anchor", "teahouse", anchor], result_action="return_value")

    assert app(["verify", "teahouse", "--anchor", anchor], result_action="return_value") == 0
    assert "The chain is intact." in capsys.readouterr().out
    app(["list", "teahouse"], result_action="return_value")
    assert "proposal.proposed" in capsys.readouterr().out


def test_a_broken_ledger_is_told_by_the_exit_code(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    rooms.proposals.propose([a_draft()])
    rooms.ledger.db.write(lambda db: db.exec_driver_sql("UPDATE ledger SET kind = 'x'"))

    assert ledger_commands(rooms.open)(["verify", "teahouse"], result_action="return_value") == 1
    assert "BROKEN  entry 1: edited" in capsys.readouterr().out


def test_a_key_is_made_listed_rotated_and_revoked(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    app = keys_commands(rooms.open)
    app(["create", "teahouse", "till", "--scopes", "shop:read", "events:write"], result_action="return_value")
    secret = capsys.readouterr().out.strip()
    [key] = rooms.keys.list("teahouse")
    app(["rotate", "teahouse", key.id], result_action="return_value")
    app(["revoke", "teahouse", key.id], result_action="return_value")
    app(["list", "teahouse", "--json"], result_action="return_value")

    assert secret.startswith(f"zg_sk_{key.id}_")
    assert key.scopes == ("shop:read", "events:write")
    assert len(rooms.keys.list("teahouse")) == 2
    noted = [(one.kind, one.actor) for one in rooms.ledger.entries().items]
    assert noted == [(f"access.key_{act}", f"local:{getpass.getuser()}") for act in ("made", "rotated", "revoked")]
    with pytest.raises(InvalidInput, match="scopes"):
        app(["create", "teahouse", "till", "--scopes", "everything"], result_action="return_value")


def test_a_user_is_made_with_a_link_that_lets_in(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    app = users_commands(rooms.open_users, lambda: "https://tea.example")
    app(["add", "li@tea.cn", "--role", "operator", "--shop", "teahouse"], result_action="return_value")
    address, _, token = capsys.readouterr().out.strip().partition("/login/link/")

    assert address == "https://tea.example"
    session = rooms.users.login_by_link(token)

    assert session.user.roles == {"teahouse": "operator"}
    app(["login-link", "li@tea.cn"], result_action="return_value")
    app(["set-role", "li@tea.cn", "auditor", "--shop", "teahouse"], result_action="return_value")
    app(["disable", "li@tea.cn"], result_action="return_value")
    app(["list"], result_action="return_value")
    assert "teahouse:auditor" in capsys.readouterr().out
