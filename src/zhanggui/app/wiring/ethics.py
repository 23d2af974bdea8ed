"""What looks after the clauses: trust's own checks, and one for each other room that a clause speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TypedDict

import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Duty
from zhanggui.recommend import Recommender
from zhanggui.recommend.tables.labels import earned_labels
from zhanggui.shop.tables.people import customers
from zhanggui.shop.tables.products import offers
from zhanggui.trust.service.ethics import Ethics, own_checks
from zhanggui.trust.service.reports import YearlyReview
from zhanggui.trust.types.ethics import Check, Outcome

from .base import Base
from .trust import Promises

SEALED_BY = b"\x01"
"""First byte of what the cipher sealed; JSON or a bare text never begins with it."""
_OF_SOMEBODY = frozenset(
    {"person", "customer", "customer_id", "visitor", "visitor_id", "gender", "age_band", "segment"}
)
_AT_ONCE = 1_000
_ASKED = 20


class Keeping(TypedDict):
    """What is promised, and the review of the year."""

    ethics: Ethics
    yearly_review: YearlyReview


def keeping_of(base: Base, promises: Promises, recommend: Recommender) -> Keeping:
    """Clauses with all that looks after them."""
    checks = own_checks(
        db=base.db, clock=base.clock, ledger=promises["ledger"], gate=promises["consents"], egress=promises["egress"]
    )
    return Keeping(
        ethics=Ethics(
            db=base.db,
            clock=base.clock,
            ledger=promises["ledger"],
            checks={**checks, **_other_checks(base, recommend)},
        ),
        yearly_review=YearlyReview(db=base.db, clock=base.clock, zone=base.zone, shop=base.name),
    )


def _other_checks(base: Base, recommend: Recommender) -> Mapping[str, Check]:
    return {
        "prices_know_nobody": partial(_knows_nobody, offers),
        "labels_are_of_goods": partial(_knows_nobody, earned_labels),
        "identifiers_are_sealed": partial(_sealed, base.db),
        "answers_have_reasons": partial(_reasoned, recommend),
        "plain_shop_answers": partial(_plain, recommend),
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


def _reasoned(recommend: Recommender) -> Outcome:
    """Each product of a list says why it is there, in both languages."""
    items = [item for language in ("zh", "en") for item in recommend.preview(k=_ASKED, language=language).items]
    mute = [item.product_id for item in items if not item.explanation]
    return Outcome(seen=len(items), wrong=len(mute), example=mute[0] if mute else "")


def _plain(recommend: Recommender) -> Outcome:
    """Who is not known, or does not want to be, gets a list all the same wherever there is anything to buy."""
    plain = recommend.preview(k=_ASKED)
    return Outcome(seen=len(plain.items), wrong=int(not plain.items and bool(plain.model)))
