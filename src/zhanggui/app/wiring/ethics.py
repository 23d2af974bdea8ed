"""What looks after the clauses: trust's own checks, and one for each other room that a clause speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

import sqlalchemy as sa

from zhanggui.audience import Audience, AudienceError
from zhanggui.audience.engines.denied import denied
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Duty, Purpose
from zhanggui.recommend import Recommender
from zhanggui.recommend.tables.labels import earned_labels
from zhanggui.shop import People
from zhanggui.shop.tables.people import customers
from zhanggui.shop.tables.products import offers
from zhanggui.trust.service.contesting import Contests
from zhanggui.trust.service.ethics import Ethics, own_checks
from zhanggui.trust.service.fairness.flipping import FlipTest
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.service.reports import YearlyReview
from zhanggui.trust.types.ethics import Check, Outcome

from .base import Base
from .chapters import chapters_of
from .trust import Promises

SEALED_BY = b"\x01"
"""First byte of what the cipher sealed; JSON or a bare text never begins with it."""
_OF_SOMEBODY = frozenset(
    {"person", "customer", "customer_id", "visitor", "visitor_id", "gender", "age_band", "segment"}
)
_AT_ONCE = 1_000
_ASKED, _KNOWN = 20, 10
_PROFILES = 100


class Keeping(TypedDict):
    """What is promised, and the review of the year."""

    ethics: Ethics
    yearly_review: YearlyReview


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """The services of other rooms that clauses speak of."""

    recommend: Recommender
    audience: Audience
    people: People
    fairness: Fairness
    flip_test: FlipTest


def keeping_of(base: Base, promises: Promises, looked_at: LookedAt) -> Keeping:
    """Clauses with all that looks after them."""
    checks = own_checks(
        db=base.db, clock=base.clock, ledger=promises["ledger"], gate=promises["consents"], egress=promises["egress"]
    )
    return Keeping(
        ethics=Ethics(
            db=base.db,
            clock=base.clock,
            ledger=promises["ledger"],
            checks={**checks, **_other_checks(base, promises, looked_at)},
        ),
        yearly_review=YearlyReview(
            db=base.db,
            clock=base.clock,
            zone=base.zone,
            shop=base.name,
            others=chapters_of(base.db, looked_at.recommend, looked_at.fairness),
            kinds=sorted(promises["proposals"].kinds),
        ),
    )


def _other_checks(base: Base, promises: Promises, looked_at: LookedAt) -> Mapping[str, Check]:
    recommend = looked_at.recommend
    return {
        "prices_know_nobody": partial(_knows_nobody, offers),
        "labels_are_of_goods": partial(_knows_nobody, earned_labels),
        "identifiers_are_sealed": partial(_sealed, base.db),
        "answers_have_reasons": partial(_reasoned, recommend, looked_at.people),
        "plain_shop_answers": partial(_plain, recommend),
        "training_was_gated": partial(_gated, recommend, looked_at.audience),
        "contests_are_in_time": partial(_in_time, promises["contests"]),
        "groups_change_nothing": partial(_same_answers, looked_at.flip_test),
        "nothing_sensitive_is_inferred": partial(_nothing_sensitive, looked_at.audience, looked_at.people),
    }


def _knows_nobody(table: sa.Table) -> Outcome:
    """No column of a table speaks of a person: what stands in it cannot depend on one."""
    wrong = [column.name for column in table.columns if column.name in _OF_SOMEBODY]
    return Outcome(seen=len(table.columns), wrong=len(wrong), example=wrong[0] if wrong else "")


def _sealed(db: Database) -> Outcome:
    """What stands where direct identifiers stand was sealed."""
    seen = wrong = 0
    table = customers.for_(Duty.UPKEEP)
    with db.read() as connection:
        chosen = sa.select(table.c.sealed).where(table.c.sealed.is_not(None))
        for row in connection.execute(chosen, execution_options={"yield_per": _AT_ONCE}):
            seen += 1
            wrong += not bytes(row.sealed).startswith(SEALED_BY)
    return Outcome(seen=seen, wrong=wrong)


def _reasoned(recommend: Recommender, people: People) -> Outcome:
    """Each product of a list says why it is there, in both languages, and what it says is borne out."""
    known = people.customers(limit=_KNOWN, purpose=Purpose.PERSONALIZATION)
    asked = [(None, language) for language in ("zh", "en")] + [(one.id, "zh") for one in known]
    items = [item for who, language in asked for item in recommend.preview(who, k=_ASKED, language=language).items]
    wrong = [item.product_id for item in items if not (item.explanation and item.reason.is_grounded)]
    return Outcome(seen=len(items), wrong=len(wrong), example=wrong[0] if wrong else "")


def _plain(recommend: Recommender) -> Outcome:
    """Who is not known, or does not want to be, gets a list all the same, once the shop has a model."""
    plain = recommend.preview(k=_ASKED)
    is_trained = any(card.state == "current" for card in recommend.model_cards())
    return Outcome(seen=len(plain.items), wrong=int(is_trained and not plain.items))


def _gated(recommend: Recommender, audience: Audience) -> Outcome:
    """Each model that serves has the datasheet of what it learned from, and no check of it says stop."""
    serving = [(card.id, card.datasheet) for card in recommend.model_cards() if card.state == "current"]
    serving += [(card.id, card.datasheet) for card in audience.predictions.serving()]
    serving += [(card.id, card.datasheet) for card in audience.learned.serving()]
    wrong = [id_ for id_, sheet in serving if sheet is None or any(check.state == "block" for check in sheet.checks)]
    return Outcome(seen=len(serving), wrong=len(wrong), example=wrong[0] if wrong else "")


def _in_time(contests: Contests) -> Outcome:
    """No contest waits beyond its day."""
    waiting, overdue = contests.waiting()
    return Outcome(seen=waiting, wrong=overdue)


def _same_answers(flip_test: FlipTest) -> Outcome:
    """Some shoppers, asked as they are and as somebody of each other group, get the same answers."""
    report = flip_test.run(_ASKED)
    return Outcome(seen=report.people, wrong=sum(kind.different for kind in report.kinds))


def _nothing_sensitive(audience: Audience, people: People) -> Outcome:
    """No tag and no interest of some profiles says what may not be inferred."""
    seen = wrong = 0
    for customer in people.customers(limit=_PROFILES, purpose=Purpose.PERSONALIZATION):
        try:
            profile = audience.profile(customer.id)
        except AudienceError:  # who does not want one has none
            continue
        said = [
            *(tag.name + tag.about for tag in profile.tags),
            *(one.value for one in profile.interests if one.level != "product"),
        ]
        seen += len(said)
        wrong += sum(bool(denied(words)) for words in said)
    return Outcome(seen=seen, wrong=wrong)
