"""A process that is killed while it approves leaves the decision, its ledger entry and its job: all, or none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.trust.builders import a_draft, a_shop_store, proposals_on, stock_the_shop

from zhanggui.kernel.db.sqlite import SqliteDatabase
from zhanggui.kernel.jobs import enqueue
from zhanggui.trust import ProposalState

ROUNDS = int(os.environ.get("ZHANGGUI_ROUNDS", "1"))
SCRIPT = """
import os, signal, sys
from pathlib import Path
from tests.trust.builders import proposals_on
from zhanggui.kernel.db.sqlite import SqliteDatabase
from zhanggui.kernel.jobs import enqueue
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import proposals as tables

folder, proposal_id, stage = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)

def queue(db, kind, payload, **more):
    if stage == "before_job": die()
    job = enqueue(db, kind, payload, **more)
    if stage == "after_job": die()
    return job

append, store = Ledger.append, tables.store_proposal
def appended(self, *args, **more):
    seq = append(self, *args, **more)
    if stage == "after_ledger": die()
    return seq
def stored(db, proposal):
    store(db, proposal)
    if stage == "after_proposal": die()
Ledger.append, tables.store_proposal = appended, stored

proposals = proposals_on(SqliteDatabase(folder / "shop.db"), enqueue=queue)
proposals.approve(proposal_id, "user:li")
if stage == "after_commit": die()
"""


@pytest.mark.endure
@pytest.mark.parametrize("stage", ["after_ledger", "before_job", "after_job", "after_proposal", "after_commit"])
def test_a_kill_leaves_all_or_nothing(tmp_path: Path, stage: str) -> None:
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        db = a_shop_store(folder)
        stock_the_shop(db)
        [proposal] = proposals_on(db, enqueue=enqueue).propose([a_draft(outlet="webhook")])
        db.close()

        killed = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(folder), proposal.id, stage], check=False, cwd=Path.cwd()
        )

        assert killed.returncode == -signal.SIGKILL
        is_kept = stage == "after_commit"
        reopened = SqliteDatabase(folder / "shop.db")
        after = proposals_on(reopened)
        assert after.get(proposal.id).state is (ProposalState.QUEUED if is_kept else ProposalState.PROPOSED)
        assert [entry.kind for entry in after.ledger.entries().items][1:] == ["proposal.approved"] * is_kept
        assert after.ledger.verify().is_intact
        with reopened.read() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM jobs")).scalar_one() == is_kept
            assert connection.execute(sa.text("SELECT count(*) FROM outbox_entries")).scalar_one() == is_kept
        reopened.close()
