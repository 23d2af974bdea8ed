"""Segments, learned segments and plans in an export: into another shop and out again, on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.audience.segments.sketches import a_crowd
from tests.conftest import a_store
from tests.shop.builders import NOON
from tests.shop.exporting import a_restorer, an_exporter
from tests.trust.builders import a_ledger

from zhanggui.audience.engines.learned.grouping import best, candidates
from zhanggui.audience.engines.learned.matching import matched
from zhanggui.audience.engines.learned.naming import names
from zhanggui.audience.engines.learned.portraits import portrait
from zhanggui.audience.engines.learned.space import learned_space
from zhanggui.audience.engines.learned.traits import lifted
from zhanggui.audience.service.learned.model import Group, Model, pack, unpack
from zhanggui.audience.service.learned.parts import LearnedPart
from zhanggui.audience.service.plans.parts import PlanPart, PlanPersonPart, PlanResultPart
from zhanggui.audience.service.segments.parts import SegmentPart, SegmentSizePart
from zhanggui.audience.tables import learned as learned_tables
from zhanggui.audience.tables import plans as plan_tables
from zhanggui.audience.tables import segments as segment_tables
from zhanggui.audience.tables.plans import StoredMember
from zhanggui.audience.tables.segments import StoredSegment
from zhanggui.audience.types.learned import LearnedCard
from zhanggui.audience.types.plans import ArmResult, PlanResult, PlanTerms, RunningPlan
from zhanggui.audience.words.learned import spoken
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import PutReport
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.tables.people import CUSTOMER, person_numbers

FLOOR = 10
RULE = "stage in (at_risk, dormant)"
FILES = ("segments", "segment-sizes", "learned-segments", "plans", "plan-people", "plan-results")


def the_parts(db: Database) -> tuple[Any, ...]:
    plans = PlanPart(record=a_ledger(db)), PlanPersonPart(names=Naming()), PlanResultPart()
    return SegmentPart(), SegmentSizePart(), LearnedPart(), *plans


def a_model() -> Model:
    crowd = a_crowd()
    space, points = learned_space(crowd, FLOOR)
    chosen = best(candidates(points, FLOOR, np.random.default_rng(3)))
    assert chosen is not None
    telling = lifted(crowd, chosen.labels, len(chosen.centroids), FLOOR)
    named = names(telling, spoken)
    groups = []
    for row, middle in enumerate(chosen.centroids.tolist()):
        own = [one for one, group in zip(crowd, chosen.labels.tolist(), strict=True) if group == row]
        told = portrait(own, crowd, telling[row], FLOOR)
        groups.append(Group(id=new_id(), middle=middle, name=named[row], portrait=told, since_ms=to_ms(NOON)))
    return Model(space, groups)


def a_card(state: Any, **more: Any) -> LearnedCard:
    return LearnedCard(id=new_id(), state=state, at=NOON, people=90, seed=3, libraries={"numpy": "2"}, **more)


def a_terms(**more: Any) -> PlanTerms:
    return PlanTerms(rule=RULE, channel="sms", words="有一阵子没见了", goods=("longjing",), **more)


@pytest.fixture(scope="module")
def model() -> Model:
    return a_model()


@pytest.fixture
def one(tmp_path: Path, model: Model) -> Iterator[Database]:
    """A shop with two segments and their sizes, three learnings, a plan with people in it, and what others brought."""
    db = a_store(tmp_path / "one.db")
    segments = [StoredSegment(new_id(), name, "orders >= 3", "rule", "li", to_ms(NOON)) for name in ("三单", "熟客")]
    versions = [(a_card("kept"), pack(model)), (a_card("current", groups=3, silhouette=0.31), pack(model))]
    run, ran = new_id(), new_id()
    results = [
        PlanResult(run=ran, tier="retain", at=NOON, channel="app"),
        PlanResult(
            run=new_id(), tier="win_back", at=NOON, channel="sms", reached=ArmResult(people=40, buyers=9),
            held=ArmResult(people=20, buyers=3), gain=0.075, low=-0.14, high=0.24,
        ),
    ]  # fmt: skip

    def fill(connection: Any) -> None:
        for segment in segments:
            segment_tables.put_segment(connection, segment)
        for day, people in (("2026-03-12", None), ("2026-03-13", 12)):
            sized = {segments[0].id: people, model.groups[0].id: 30}
            segment_tables.put_sizes(connection, day, sized)
        for card, packed in [*versions, (a_card("refused", reason="few"), None)]:
            learned_tables.put_version(connection, card, packed)
        plan_tables.put_running(connection, "win_back", RunningPlan(run=run, terms=a_terms(), started_ms=to_ms(NOON)))
        numbers = person_numbers(connection, CUSTOMER, ["b", "a", "c"], create=True)
        arms: list[tuple[str, Any, int]] = [("b", "reached", 1), ("a", "reached", 1), ("c", "held", 2)]
        plan_tables.put_members(
            connection, [StoredMember(run, numbers[id_], arm, batch, to_ms(NOON)) for id_, arm, batch in arms]
        )
        for result in results:
            plan_tables.put_result(connection, result)

    db.write(fill)
    yield db
    db.close()


@pytest.fixture
def other(any_database: Database) -> Database:
    """A shop that knows one of the customers already, so that people have other numbers."""
    any_database.write(lambda db: person_numbers(db, CUSTOMER, ["x", "c"], create=True))
    return any_database


def exported(db: Database, folder: Path, form: str = "jsonl") -> dict[str, bytes]:
    exporter = an_exporter(db, parts=the_parts(db))
    for name in FILES:
        exporter.export(name, folder, form)
    return {name: (folder / f"{name}.{form}").read_bytes() for name in FILES}


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_they_come_back_as_they_were(one: Database, other: Database, tmp_path: Path, form: str) -> None:
    ours = exported(one, tmp_path / "first", form)

    reports = [a_restorer(other, parts=the_parts(other)).restore(tmp_path / "first") for _ in range(2)]

    counts = dict(zip(FILES, (2, 4, 3, 1, 3, 2), strict=True))
    assert reports[0] == {name: PutReport(created=n) for name, n in counts.items()}
    assert reports[1] == {name: PutReport(unchanged=n) for name, n in counts.items()}
    assert exported(other, tmp_path / "second", form) == ours


def test_a_restored_plan_knows_its_people_and_the_ledger_says_that_it_runs(
    one: Database, other: Database, tmp_path: Path
) -> None:
    exported(one, tmp_path)
    a_restorer(other, parts=the_parts(other)).restore(tmp_path)

    with other.read() as db:
        plan = plan_tables.running(db, "win_back")
        assert plan is not None
        assert (plan.terms, plan.started_ms) == (a_terms(), to_ms(NOON))
        numbers = person_numbers(db, CUSTOMER, ["a", "b", "c"], create=False)
        members = plan_tables.members_of(db, plan.run, purpose=Purpose.SERVICE)
    assert {row.person: row.arm for row in members} == {
        numbers["a"]: "reached",
        numbers["b"]: "reached",
        numbers["c"]: "held",
    }
    entries = a_ledger(other).entries(kind="audience.plan_restored").items
    assert [entry.actor for entry in entries] == ["restore"]


def test_what_serves_or_runs_in_the_new_shop_goes_on(
    one: Database, other: Database, tmp_path: Path, model: Model
) -> None:
    own, terms = a_card("current"), a_terms(days=3)
    running = RunningPlan(run=new_id(), terms=terms, started_ms=to_ms(NOON + timedelta(days=1)))
    other.write(lambda db: learned_tables.put_version(db, own, pack(model)))
    other.write(lambda db: plan_tables.put_running(db, "win_back", running))
    exported(one, tmp_path)

    report = a_restorer(other, parts=the_parts(other)).restore(tmp_path)

    assert report["plans"] == PutReport(unchanged=1)
    with other.read() as db:
        assert plan_tables.running(db, "win_back") == running
        assert learned_tables.current_id(db) == own.id
        assert [card.state for card in learned_tables.cards(db)].count("kept") == 2


def test_an_identity_that_was_kept_is_known_again(one: Database, other: Database, tmp_path: Path, model: Model) -> None:
    exported(one, tmp_path)
    a_restorer(other, parts=the_parts(other)).restore(tmp_path)

    with other.read() as db:
        current = learned_tables.current_id(db)
        assert current is not None
        packed = learned_tables.model_of(db, current)
    assert packed is not None
    held = unpack(packed)
    assert [group.id for group in held.groups] == [group.id for group in model.groups]
    middles = np.asarray([group.middle for group in held.groups])
    assert matched(middles, np.asarray([group.middle for group in model.groups])) == {0: 0, 1: 1, 2: 2}
