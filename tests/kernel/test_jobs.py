"""Jobs: at least one run, exactly one effect, whatever fails in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import FixedClock

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import (
    Effect,
    GiveUp,
    JobContext,
    JobHandler,
    JobRunner,
    JobState,
    NotCancellable,
    NotRetryable,
    Schedule,
    UnknownJob,
    cancel,
    counts,
    enqueue,
    find_job,
    jobs_in,
    retry,
)
from zhanggui.kernel.jobs.backoff import LONGEST_MS, backoff_ms
from zhanggui.kernel.jobs.tables import take

EFFECTS = sa.Table("t_effects", sa.MetaData(), sa.Column("word", sa.String(40), nullable=False))
Run = Callable[["Greet", JobContext], Effect | None]


class Greet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: str


@pytest.fixture
def store(any_database: Database) -> Database:
    any_database.write(EFFECTS.create)
    return any_database


def writing(payload: Greet, context: JobContext) -> Effect:
    return lambda db: db.execute(sa.insert(EFFECTS).values(word=payload.word)).close()


def a_handler(run: Run = writing, **changes: Any) -> JobHandler[Greet]:
    return JobHandler(**({"kind": "greet", "payload": Greet, "run": run} | changes))


def a_runner(
    store: Database, clock: FixedClock, run: Run = writing, worker_id: str = "w1", **changes: Any
) -> JobRunner:
    keep = {name: changes.pop(name) for name in ("schedules", "lease_s", "on_end") if name in changes}
    return JobRunner(store, [a_handler(run, **changes)], clock, worker_id, rng=np.random.default_rng(1), **keep)


def effects(store: Database) -> list[str]:
    with store.read() as db:
        return sorted(db.execute(sa.select(EFFECTS.c.word)).scalars())


def put(store: Database, word: str = "你好", **how: Any) -> str:
    return store.write(lambda db: enqueue(db, "greet", Greet(word), **how))


def state_of(store: Database, job_id: str) -> JobState:
    with store.read() as db:
        return find_job(db, job_id).state


def failing(payload: Greet, context: JobContext) -> Effect:
    raise OSError("no connection")


def test_a_job_runs_once_and_its_effect_and_its_end_are_kept_together(store: Database, clock: FixedClock) -> None:
    ended: list[tuple[str, str]] = []
    job_id = put(store)

    tried = a_runner(store, clock, on_end=lambda kind, outcome, seconds: ended.append((kind, outcome))).drain()

    assert (tried, effects(store), ended) == (1, ["你好"], [("greet", "done")])
    with store.read() as db:
        job = find_job(db, job_id)
    assert (job.state, job.attempts, job.ended_ms) == (JobState.DONE, 1, to_ms(clock.now))
    assert a_runner(store, clock).drain() == 0


def test_a_job_enqueued_in_a_write_that_fails_never_was(store: Database, clock: FixedClock) -> None:
    def failing_write(db: sa.Connection) -> None:
        enqueue(db, "greet", Greet("x"))
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        store.write(failing_write)

    assert a_runner(store, clock).drain() == 0


def test_a_dedupe_key_holds_while_its_job_waits_and_is_free_when_it_has_ended(
    store: Database, clock: FixedClock
) -> None:
    first, second = put(store, dedupe_key="k"), put(store, dedupe_key="k")
    a_runner(store, clock).drain()
    third = put(store, dedupe_key="k")

    assert first == second != third
    assert a_runner(store, clock).drain() == 1
    assert effects(store) == ["你好", "你好"]


def test_a_job_waits_for_its_moment_and_the_longest_due_goes_first(store: Database, clock: FixedClock) -> None:
    put(store, "late", run_at=clock.now + timedelta(minutes=2))
    put(store, "early", run_at=clock.now + timedelta(minutes=1))
    seen: list[str] = []

    def noting(payload: Greet, context: JobContext) -> None:
        seen.append(payload.word)

    assert a_runner(store, clock, noting).drain() == 0
    clock.advance(minutes=3)
    assert a_runner(store, clock, noting).drain(limit=1) == 1
    assert a_runner(store, clock, noting).drain() == 1
    assert seen == ["early", "late"]


def test_a_failed_job_waits_longer_each_time_and_dies_with_its_last_error(store: Database, clock: FixedClock) -> None:
    job_id = put(store)
    waits = []
    for _ in range(3):
        assert a_runner(store, clock, failing, max_attempts=3).drain() == 1
        with store.read() as db:
            job = find_job(db, job_id)
        waits.append(job.due_ms - to_ms(clock.now))
        clock.advance(hours=1)

    assert 1000 <= waits[0] < 2000 <= waits[1] < 4000
    assert (job.state, job.attempts, job.error) == (JobState.DEAD, 3, "OSError: no connection")
    assert a_runner(store, clock).drain() == 0


def test_a_handler_that_gives_up_is_not_tried_again(store: Database, clock: FixedClock) -> None:
    def giving_up(payload: Greet, context: JobContext) -> None:
        raise GiveUp("the shop has no such product")

    job_id = put(store)
    a_runner(store, clock, giving_up).drain()

    with store.read() as db:
        assert (find_job(db, job_id).state, find_job(db, job_id).error) == (
            JobState.DEAD,
            "GiveUp: the shop has no such product",
        )


def test_an_effect_that_fails_leaves_nothing_and_the_job_comes_again(store: Database, clock: FixedClock) -> None:
    def half(payload: Greet, context: JobContext) -> Effect:
        def effect(db: sa.Connection) -> None:
            db.execute(sa.insert(EFFECTS).values(word="half"))
            raise RuntimeError("torn")

        return effect

    job_id = put(store)
    a_runner(store, clock, half).drain()

    assert (effects(store), state_of(store, job_id)) == ([], JobState.WAITING)
    clock.advance(hours=1)
    a_runner(store, clock).drain()
    assert (effects(store), state_of(store, job_id)) == (["你好"], JobState.DONE)


def test_a_stale_lease_is_taken_over_and_the_old_holders_effect_is_refused(store: Database, clock: FixedClock) -> None:
    outcomes: list[str] = []

    def overtaken(payload: Greet, context: JobContext) -> Effect:
        clock.advance(minutes=5)  # longer than the lease: meanwhile another process takes the job and ends it
        assert a_runner(store, clock, worker_id="w2").drain() == 1
        return writing(Greet("from the old holder"), context)

    job_id = put(store)
    runner = a_runner(store, clock, overtaken, on_end=lambda kind, outcome, seconds: outcomes.append(outcome))
    runner.drain(limit=1)

    assert (effects(store), outcomes) == (["你好"], ["lost"])
    with store.read() as db:
        assert (find_job(db, job_id).state, find_job(db, job_id).attempts) == (JobState.DONE, 2)


def test_each_taking_raises_the_fence(store: Database, clock: FixedClock) -> None:
    put(store)
    fences = []
    for _ in range(3):
        now_ms = to_ms(clock.advance(minutes=1))
        claim = store.write(
            lambda db, now_ms=now_ms: take(db, {"greet": 1}, holder="w", now_ms=now_ms, lease_until_ms=now_ms + 1)
        )
        assert claim is not None
        fences.append(claim.fence)

    assert fences == [1, 2, 3]


def test_a_job_whose_process_dies_each_time_dies_too(store: Database, clock: FixedClock) -> None:
    job_id = put(store)
    for _ in range(2):
        now_ms = to_ms(clock.advance(minutes=5))
        store.write(lambda db, now_ms=now_ms: take(db, {"greet": 1}, holder="w", now_ms=now_ms, lease_until_ms=now_ms))

    a_runner(store, clock, max_attempts=2).drain()

    assert (state_of(store, job_id), effects(store)) == (JobState.DEAD, [])


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_is_not(store: Database, clock: FixedClock) -> None:
    job_id = put(store)

    cancelled = store.write(lambda db: cancel(db, job_id, clock.now))

    assert cancelled.state == JobState.CANCELLED
    assert a_runner(store, clock).drain() == 0
    with pytest.raises(NotCancellable, match="is cancelled already"):
        store.write(lambda db: cancel(db, job_id, clock.now))


def test_a_running_job_hears_that_it_is_cancelled_and_its_effect_is_dropped(store: Database, clock: FixedClock) -> None:
    def patient(payload: Greet, context: JobContext) -> Effect:
        store.write(lambda db: cancel(db, job_id, clock.now))
        heard = threading.Event()
        for _ in range(1000):
            if context.is_cancelled() or heard.wait(0.01):
                break
        return writing(payload, context)

    job_id = put(store)
    a_runner(store, clock, patient, lease_s=0.1).drain()

    assert (state_of(store, job_id), effects(store)) == (JobState.CANCELLED, [])


def test_what_is_asked_for_while_a_job_of_its_key_only_stops_is_another_job(store: Database, clock: FixedClock) -> None:
    asked: list[str] = []

    def stops(payload: Greet, context: JobContext) -> Effect:
        if not asked:
            store.write(lambda db: cancel(db, context.idempotency_key, clock.now))
            asked.extend(put(store, "again", dedupe_key="k") for _ in range(2))
            context.cancel()
            context.step_or_stop(1, 2)
        return writing(payload, context)

    first = put(store, dedupe_key="k")
    a_runner(store, clock, stops).drain()

    assert asked[0] == asked[1] != first
    assert (state_of(store, first), effects(store)) == (JobState.CANCELLED, ["again"])


def test_a_cancelled_job_ends_at_its_next_step_and_is_no_failure(store: Database, clock: FixedClock) -> None:
    steps = []

    def stepping(payload: Greet, context: JobContext) -> Effect:
        for done in range(1, 4):
            steps.append(done)
            if done == 2:
                context.cancel()
                store.write(lambda db: cancel(db, job_id, clock.now))
            context.step_or_stop(done, 3)
        return writing(payload, context)

    job_id = put(store)
    a_runner(store, clock, stepping).drain()

    assert (state_of(store, job_id), steps, effects(store)) == (JobState.CANCELLED, [1, 2], [])
    with store.read() as db:
        assert not find_job(db, job_id).error


def test_a_job_that_is_stopped_with_its_process_starts_anew_and_loses_no_try(
    store: Database, clock: FixedClock
) -> None:
    stopping = threading.Event()

    def long(payload: Greet, context: JobContext) -> None:
        stopping.set()
        assert context.is_cancelled()

    job_id = put(store)
    a_runner(store, clock, long).drain(should_stop=stopping.is_set)

    with store.read() as db:
        assert (find_job(db, job_id).state, find_job(db, job_id).attempts) == (JobState.WAITING, 0)
    assert a_runner(store, clock).drain() == 1
    assert effects(store) == ["你好"]


def test_progress_is_kept(store: Database, clock: FixedClock) -> None:
    def stepping(payload: Greet, context: JobContext) -> None:
        for done in range(5):
            context.on_step(done + 1, 5)

    job_id = put(store)
    a_runner(store, clock, stepping).drain()

    with store.read() as db:
        assert (find_job(db, job_id).steps_done, find_job(db, job_id).steps_of) == (5, 5)


def test_a_dead_job_starts_anew_with_all_its_tries(store: Database, clock: FixedClock) -> None:
    job_id = put(store)
    a_runner(store, clock, failing, max_attempts=1).drain()

    assert store.write(lambda db: retry(db, job_id)).attempts == 0
    a_runner(store, clock).drain()

    assert effects(store) == ["你好"]
    with pytest.raises(NotRetryable, match="is done"):
        store.write(lambda db: retry(db, job_id))


def test_an_unknown_id_is_named_with_a_cure(store: Database) -> None:
    with pytest.raises(UnknownJob, match="'nope'") as refused, store.read() as db:
        find_job(db, "nope")

    assert "zhanggui jobs list" in refused.value.hint


def test_jobs_are_listed_newest_first_by_state_and_in_pages(store: Database, clock: FixedClock) -> None:
    ids = [put(store, str(number)) for number in range(4)]
    a_runner(store, clock).drain(limit=2)

    with store.read() as db:
        newest = jobs_in(db, limit=3)
        older = jobs_in(db, after=newest[-1].id)
        assert sorted(job.id for job in [*newest, *older]) == sorted(ids)
        assert len(jobs_in(db, [JobState.DONE])) == 2
        assert counts(db) == {("greet", JobState.DONE): 2, ("greet", JobState.WAITING): 2}


def test_a_newer_payload_waits_for_a_newer_program_and_an_older_one_is_brought_up(
    store: Database, clock: FixedClock
) -> None:
    store.write(lambda db: enqueue(db, "greet", Greet("new"), version=3))
    old = store.write(lambda db: enqueue(db, "greet", msgspec.defstruct("Old", [("text", str)])("old"), version=1))

    a_runner(store, clock, version=2, upcast=lambda version, fields: {"word": fields["text"]}).drain()

    assert effects(store) == ["old"]
    assert state_of(store, old) == JobState.DONE


def test_a_payload_that_does_not_fit_is_dead_at_once(store: Database, clock: FixedClock) -> None:
    job_id = store.write(lambda db: enqueue(db, "greet", msgspec.defstruct("Odd", [("text", str)])("x")))

    a_runner(store, clock).drain()

    with store.read() as db:
        assert find_job(db, job_id).state == JobState.DEAD
        assert "does not fit greet" in find_job(db, job_id).error


def test_a_schedule_comes_again_and_missed_turns_are_made_up_by_one(store: Database, clock: FixedClock) -> None:
    runner = a_runner(store, clock, schedules=[Schedule(kind="greet", every_s=60, payload=Greet("tick"))])

    drained = [runner.drain()]
    for seconds in (59, 1, 0, 600, 59, 1):
        clock.advance(seconds=seconds)
        drained.append(runner.drain())

    assert drained == [0, 0, 1, 0, 1, 0, 1]


def test_a_schedule_that_is_due_at_start_comes_at_once(store: Database, clock: FixedClock) -> None:
    schedule = Schedule(kind="greet", every_s=60, payload=Greet("tick"), is_due_at_start=True)

    assert a_runner(store, clock, schedules=[schedule]).drain() == 1
    assert a_runner(store, clock, schedules=[schedule]).drain() == 0


def test_a_schedule_whose_interval_changed_counts_anew(store: Database, clock: FixedClock) -> None:
    a_runner(store, clock, schedules=[Schedule(kind="greet", every_s=86_400, payload=Greet("x"))]).drain()
    runner = a_runner(store, clock, schedules=[Schedule(kind="greet", every_s=60, payload=Greet("x"))])

    assert runner.drain() == 0
    clock.advance(seconds=60)
    assert runner.drain() == 1


def test_ended_jobs_are_forgotten_after_a_week_and_dead_ones_stay(store: Database, clock: FixedClock) -> None:
    done, dead = put(store), put(store)
    a_runner(store, clock).drain(limit=1)
    a_runner(store, clock, failing, max_attempts=1).drain()
    clock.advance(days=8)
    a_runner(store, clock).drain()

    with store.read() as db:
        left = [job.id for job in jobs_in(db)]
    assert len(left) == 1
    assert state_of(store, left[0]) == JobState.DEAD
    assert left[0] in {done, dead}


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_the_wait_grows_within_its_bounds(attempts: int, drawn: float) -> None:
    wait = backoff_ms(attempts, drawn)

    assert 1000 <= wait <= LONGEST_MS
    assert backoff_ms(attempts + 1, 0.999) >= backoff_ms(attempts, 0.0)
    assert backoff_ms(attempts, 0.0) == min(LONGEST_MS, 2000 * 2 ** min(attempts - 1, 30)) // 2
