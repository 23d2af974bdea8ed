from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.shop.outbox.builders import Bench, Scripted, a_draft

from zhanggui.shop.outbox import Confirmed, OutboxState, Outlet, Refused, Sent, TryAgain
from zhanggui.shop.outbox.errors import SettledOutboxEntry, UnknownOutboxEntry, UnknownOutlet
from zhanggui.shop.outbox.tables import update_entry

Making = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Making]:
    made: list[Bench] = []

    def make(outlet: Outlet, **more: int) -> Bench:
        made.append(Bench(tmp_path, outlet, **more))
        return made[-1]

    yield make
    for one in made:
        one.db.close()


def test_what_the_outlet_applied_is_confirmed_by_it(bench: Making) -> None:
    b = bench(Scripted(Confirmed("done")))
    entry = b.put()

    b.run_jobs()

    found = b.outbox.entry(entry.id)
    assert (found.state, found.settled_by, found.note, found.attempts) == (
        OutboxState.CONFIRMED,
        "outlet:out",
        "done",
        1,
    )
    assert b.settled == [(entry.id, "confirmed")]


def test_what_was_only_received_waits_for_a_confirmation(bench: Making) -> None:
    b = bench(Scripted(Sent("202")))
    entry = b.put()
    b.run_jobs()
    assert (b.outbox.entry(entry.id).state, b.settled) == (OutboxState.SENT, [])

    confirmed = b.outbox.confirm(entry.id, "user:li")

    assert (confirmed.state, confirmed.settled_by, b.settled) == (
        OutboxState.CONFIRMED,
        "user:li",
        [(entry.id, "confirmed")],
    )


def test_a_call_back_may_say_that_it_failed(bench: Making) -> None:
    b = bench(Scripted(Sent()))
    entry = b.put()
    b.run_jobs()

    failed = b.outbox.confirm(entry.id, "key:k1", was_applied=False, note="no such sku")

    assert (failed.state, failed.note, b.settled) == (OutboxState.FAILED, "no such sku", [(entry.id, "failed")])


def test_a_second_confirmation_is_a_conflict(bench: Making) -> None:
    b = bench(Scripted(Confirmed()))
    entry = b.put()
    b.run_jobs()

    with pytest.raises(SettledOutboxEntry, match="confirmed"):
        b.outbox.confirm(entry.id, "user:li")


def test_tries_wait_longer_each_time_and_end_in_failure(bench: Making) -> None:
    b = bench(Scripted(TryAgain("503"), TryAgain("503"), TryAgain("504")), max_attempts=3)
    entry = b.put()
    waits = []
    for _ in range(3):
        b.run_jobs()
        waits += [wait for _, wait in b.jobs.waiting]

    found = b.outbox.entry(entry.id)
    assert waits == [timedelta(seconds=1.5), timedelta(seconds=3)]
    assert (found.state, found.attempts, found.note, b.settled) == (
        OutboxState.FAILED,
        3,
        "504",
        [(entry.id, "failed")],
    )


def test_a_refusal_is_final_at_once(bench: Making) -> None:
    b = bench(Scripted(Refused("404")))
    entry = b.put()

    b.run_jobs()

    assert (b.outbox.entry(entry.id).state, b.jobs.waiting) == (OutboxState.FAILED, [])


def test_nothing_leaves_while_everything_is_paused_and_all_leaves_after(bench: Making) -> None:
    outlet = Scripted(Confirmed(), Confirmed())
    b = bench(outlet)
    first = b.put()
    b.db.write(lambda db: b.queue.pause(db, "user:li"))
    second = b.put(key="k2")
    b.run_jobs()
    assert (outlet.got, b.outbox.list().is_paused) == ([], True)

    b.db.write(lambda db: b.queue.resume(db, "user:li"))
    b.run_jobs()

    assert [entry.id for entry in outlet.got] == [first.id, second.id]


def test_a_process_that_died_while_sending_sends_again_under_the_same_key(bench: Making) -> None:
    outlet = Scripted(Confirmed(), Confirmed())
    b = bench(outlet)
    entry = b.put()
    assert b.sender.deliver(entry.id) is not None  # and dies here

    b.run_jobs()

    assert [sent.idempotency_key for sent in outlet.got] == ["k1", "k1"]
    assert b.settled == [(entry.id, "confirmed")]


def test_an_answer_after_the_call_back_changes_nothing(bench: Making) -> None:
    b = bench(Scripted(Sent()))
    entry = b.put()
    effect = b.sender.deliver(entry.id)
    b.outbox.confirm(entry.id, "key:k1")

    assert effect is not None
    b.db.write(effect)

    assert (b.outbox.entry(entry.id).state, len(b.settled)) == (OutboxState.CONFIRMED, 1)


def test_only_what_has_not_left_can_be_taken_back(bench: Making) -> None:
    b = bench(Scripted(Sent()))
    kept, sent = b.put(), b.put(key="k2")
    b.db.write(lambda db: update_entry(db, sent.id, state="sent"))

    assert b.outbox.cancel(kept.id, "user:li").state is OutboxState.CANCELLED
    with pytest.raises(SettledOutboxEntry, match="sent"):
        b.outbox.cancel(sent.id, "user:li")
    b.run_jobs()
    assert b.settled == [(kept.id, "cancelled")]


def test_the_same_idempotency_key_gives_the_entry_that_stands(bench: Making) -> None:
    b = bench(Scripted())

    assert b.put().id == b.put().id
    assert len(b.jobs.waiting) == 1


def test_an_entry_and_its_job_fall_with_the_work_they_belong_to(bench: Making) -> None:
    b = bench(Scripted())

    def work(db: sa.Connection) -> None:
        b.queue.put(db, a_draft())
        raise RuntimeError("afterwards")

    with pytest.raises(RuntimeError, match="afterwards"):
        b.db.write(work)

    assert b.outbox.list().items == ()


def test_unknown_names_are_told_with_a_hint(bench: Making) -> None:
    b = bench(Scripted())

    with pytest.raises(UnknownOutboxEntry, match="nope"):
        b.outbox.entry("nope")
    with pytest.raises(UnknownOutlet) as refused:
        b.put(outlet="oat")
    assert "'out'" in refused.value.hint


def test_pages_come_newest_first(bench: Making) -> None:
    b = bench(Scripted())
    ids = sorted((b.put(key=f"k{n}").id for n in range(3)), reverse=True)

    first = b.outbox.list(limit=2)

    assert [entry.id for entry in first.items] == ids[:2]
    assert [entry.id for entry in b.outbox.list(limit=2, after=first.next).items] == ids[2:]
    assert b.outbox.list(state=OutboxState.SENT).items == ()
