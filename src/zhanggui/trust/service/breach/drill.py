"""Holds a breach drill. Nothing is sent to anybody; that it was held stands in the ledger.

Law: PIPL art. 57 (remedy at once, tell the authority and the people; people need not be told where measures effectively
avoid harm); GDPR art. 33 (the authority within 72 hours), art. 34 (people without undue delay, not where what leaked
cannot be read). Texts not read here; Chinese rules on reporting network incidents may ask for hours: not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import InvalidInput, did_you_mean
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import holdings
from zhanggui.trust.types.assessment import BreachDrill, Deadline, DrillAsk

from .notices import notices

People = Callable[[sa.Connection, Collection[int]], Mapping[int, tuple[bool, str]]]
"""Of person numbers: whether each is a customer, and the merchant's id."""
STEPS: tuple[tuple[int, str, str], ...] = (
    (0, "Stop the leak, keep the evidence, change the keys that may be out: zhanggui master-key rotate", "PIPL 57"),
    (0, "Tell the authority that protects personal information (网信部门) at once", "PIPL 57"),
    (24, "Tell the people concerned, unless what was done effectively avoids harm", "PIPL 57; GDPR 34"),
    (72, "Tell the supervisory authority, where people in the EU are concerned", "GDPR 33"),
    (720, "Write down what happened, its effects and what was done; look at the safeguards anew", "GDPR 33(5)"),
)
"""Hours after it was found, what is due, and which article says so; PIPL 57 says "at once", the hours are ours."""


class UnknownTable(InvalidInput):
    """No table with rows about people has that name."""

    code = "trust.unknown_table"


class DrillHeld(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's word of a drill: counts and tables, nobody's id."""

    subject: str
    tables: tuple[str, ...]
    customers: int
    visitors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drills:
    """The drills of one shop.

    Args:
        people: who stands behind a person's number.
        title: what the shop is called in the notice.
    """

    db: Database
    clock: Clock
    ledger: Ledger
    shop: str
    title: str
    people: People

    def hold(self, ask: DrillAsk, actor: str, *, may_see_ids: bool) -> BreachDrill:
        """Reckon who would be affected, and what would be due.

        Args:
            ask: what is supposed to have leaked.
            actor: who holds it, for the ledger.
            may_see_ids: whether the actor may read people; without, `with_ids` lists nobody.

        Raises:
            UnknownTable: there is no such table.
        """
        tables = _chosen(ask.tables)
        with self.db.read() as db:
            known = self.people(db, holdings.persons_in(db, list(tables.values())))
        customers = sorted(id_ for is_customer, id_ in known.values() if is_customer)
        clear, sealed = _fields(tables)
        readable = clear if ask.is_master_key_safe else clear + sealed
        found_at = ask.found_at or self.clock()
        held = DrillHeld(
            subject="drill", tables=tuple(tables), customers=len(customers), visitors=len(known) - len(customers)
        )
        entry = self.db.write(lambda db: self.ledger.append(db, "breach.drill", held, actor))
        return BreachDrill(
            shop=self.shop,
            found_at=found_at,
            tables=held.tables,
            customers=held.customers,
            visitors=held.visitors,
            readable=tuple(readable),
            sealed=tuple(sealed) if ask.is_master_key_safe else (),
            deadlines=_deadlines(found_at),
            notice=notices(self.title, found_at, readable, ask.cause),
            ledger_entry=entry,
            ids=tuple(customers) if ask.with_ids and may_see_ids else (),
        )


def _chosen(names: Collection[str]) -> dict[str, sa.Table]:
    known = holdings.personal_tables()
    for name in names:
        if name not in known:
            hint = did_you_mean(name, list(known), otherwise=", ".join(known))
            raise UnknownTable(f"No table with rows about people is called {name[:80]!r}.", hint=hint)
    return {name: table for name, table in known.items() if not names or name in names}


def _fields(tables: Mapping[str, sa.Table]) -> tuple[list[str], list[str]]:
    clear, sealed = [], []
    for name, table in tables.items():
        open_fields, closed = holdings.fields_of(table)
        clear += [f"{name}.{field}" for field in open_fields]
        sealed += [f"{name}.{field}" for field in closed]
    return clear, sealed


def _deadlines(found_at: datetime) -> tuple[Deadline, ...]:
    return tuple(Deadline(due_at=found_at + timedelta(hours=hours), what=what, law=law) for hours, what, law in STEPS)
