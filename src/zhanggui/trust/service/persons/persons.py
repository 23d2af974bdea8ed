"""Access and erasure of one person: the use cases behind the command, the routes and the pages.

Law: PIPL art. 45 (access, copies), art. 47 (erasure, by request or of the shop's own accord), art. 50 (a convenient
way); GDPR art. 15, 17, 20. What must stay of an order: see `shop/tables/forgetting.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.privacy import Cipher
from zhanggui.trust.errors import UnknownPerson, UnknownReceipt
from zhanggui.trust.ports import Learned, PersonalStore
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import persons as tables
from zhanggui.trust.types.persons import (
    DataSubject,
    Ground,
    PersonErased,
    PersonExported,
    PersonReadmitted,
    Receipt,
    ReceiptPage,
)

from . import receipts
from .data_subjects import DataSubjects
from .erased_list import CUSTOMER, VISITOR, ErasedList
from .sealed_subjects import seal_subject

CLEAN_KIND = "trust.persons.clean"
ERASED, EXPORTED, READMITTED = "person.erased", "person.exported", "person.readmitted"
BACKUP_KEYS = timedelta(days=30)
"""So long a backup's keys are kept (`app/backups`); whoever is erased is gone from old backups with them."""


class CleanTrails(msgspec.Struct, frozen=True):
    """Clean the trails of everybody whose rows are gone. It names nobody: jobs are kept for a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """What the shop holds of a person.

    Args:
        stores: of every room, as `app/wiring/persons.py` lists them.
        learned: says which models were trained on somebody.
    """

    db: Database
    clock: Clock
    shop: str
    cipher: Cipher
    subjects: DataSubjects
    ledger: Ledger
    erased: ErasedList
    stores: Sequence[PersonalStore]
    learned: Learned

    def export(self, *, customer_id: str | None = None, visitor_id: str | None = None, actor: str) -> dict[str, object]:
        """All that the shop holds of a person, ready for JSON; that it was asked for stands in the ledger.

        Raises:
            UnknownPerson: nobody has that id, or they were erased.
        """
        with self.db.read() as db:
            person = self.subjects.find(db, customer_id, visitor_id).person
            held = {store.name: dict(store.export(db, person)) for store in self.stores}
        document: dict[str, object] = {"shop": self.shop, "made_at": self.clock().isoformat(), **held}
        size = len(msgspec.json.encode(document))
        told = PersonExported(person=person.numbers[0], bytes=size)
        self.db.write(lambda db: self.ledger.append(db, EXPORTED, told, actor, person=person.numbers[0]))
        return document

    def erase(
        self, *, customer_id: str | None = None, visitor_id: str | None = None, actor: str, ground: Ground
    ) -> Receipt:
        """Destroy the person's keys and take their rows away, in one commit; a job then cleans their trails.

        Erasing somebody who was erased answers the receipt of then.

        Raises:
            UnknownPerson: nobody has that id, or ever had.
        """
        return self.db.write(lambda db: self._erase(db, customer_id, visitor_id, actor, ground))

    def erase_again(self) -> int:
        """Erase whoever was erased and came back with an old backup; returns how many subjects.

        Their keys are still destroyed, for keys are put back from the newest copy: that is how they are known.
        """
        with self.db.read() as db:
            numbers = self.subjects.named_without_key(db)
        erased = 0
        for number in numbers:
            erased += self.db.write(lambda db, number=number: self._erase_again(db, number))  # type: ignore[misc]
        return erased

    def receipt(self, id_: str) -> Receipt:
        """A receipt as it stands now.

        Raises:
            UnknownReceipt: there is none of that id.
        """
        with self.db.read() as db:
            found = receipts.kept(db, id_)
        if found is None:
            raise UnknownReceipt(
                f"No erasure has the receipt {id_!r}.", hint="List them with: zhanggui person receipts SHOP"
            )
        return found

    def receipts(self, *, before: str | None = None, limit: int = 50) -> ReceiptPage:
        """Receipts, newest first."""
        with self.db.read() as db:
            held = tables.erasures_page(db, before=before, limit=limit)
        found = tuple(receipts.read(one) for one in held)
        return ReceiptPage(items=found, next=found[-1].id if len(found) == limit else None)

    def readmit(self, customer_id: str, *, phone: str = "", email: str = "", actor: str) -> Receipt:
        """Let a customer who was erased come back: their id (and phone, e-mail) may be taken in again.

        Raises:
            UnknownPerson: nobody of that id was erased.
        """

        def work(db: sa.Connection) -> Receipt:
            found = self._earlier(db, customer_id, None)
            if found is None:
                raise UnknownPerson(f"Nobody of the id {customer_id!r} was erased.", hint="Look at the spelling.")
            self.erased.take_back(db, [(CUSTOMER, customer_id), ("phone", phone), ("email", email)])
            self.ledger.append(db, READMITTED, PersonReadmitted(receipt=found.id), actor)
            return found

        return self.db.write(work)

    def _earlier(self, db: sa.Connection, customer_id: str | None, visitor_id: str | None) -> Receipt | None:
        kind, clear = (CUSTOMER, customer_id) if customer_id is not None else (VISITOR, visitor_id or "")
        before = self.erased.erasure_of(db, kind, clear)
        return None if before is None else receipts.kept(db, before)

    def _erase(
        self, db: sa.Connection, customer_id: str | None, visitor_id: str | None, actor: str, ground: Ground
    ) -> Receipt:
        try:
            subject = self.subjects.find(db, customer_id, visitor_id)
        except UnknownPerson:
            found = self._earlier(db, customer_id, visitor_id)
            if found is None:
                raise
            return found
        return self._begin(db, subject, actor, ground)

    def _erase_again(self, db: sa.Connection, number: int) -> int:
        if number not in self.subjects.named_without_key(db):
            return 0  # it was another browser of somebody who is gone by now
        self._begin(db, self.subjects.of_numbers(db, self.subjects.subject_of(db, number)), "system", Ground.RESTORED)
        return 1

    def _begin(self, db: sa.Connection, subject: DataSubject, actor: str, ground: Ground) -> Receipt:
        id_, now, person = new_id(), self.clock(), subject.person
        models = tuple(self.learned.models(db, person))
        named = self.subjects.named(db, subject)
        sealed = seal_subject(db, self.cipher, id_, subject)
        rows: dict[str, int] = {}
        for store in self.stores:
            rows |= store.erase(db, person, id_)
        for number in person.numbers:
            self.cipher.destroy(db, number)
        self.erased.add(db, named, id_)
        announce(db, "consent", map(str, person.numbers))
        told = PersonErased(receipt=id_, ground=ground.value, rows=sum(rows.values()))
        receipt = Receipt(
            id=id_,
            shop=self.shop,
            at=now,
            ground=ground,
            state=tables.CLEANING,
            persons=len(person.numbers),
            rows={name: count for name, count in rows.items() if count},
            models=models,
            backups_until=now + BACKUP_KEYS,
            entry=self.ledger.append(db, ERASED, told, _nameless(actor)),
        )
        receipt = receipts.signed(receipt, self.ledger.signer)
        tables.add_erasure(db, tables.HeldErasure(id_, tables.CLEANING, to_ms(now), receipts.written(receipt), sealed))
        enqueue(db, CLEAN_KIND, CleanTrails(), dedupe_key=id_)
        return receipt


def _nameless(actor: str) -> str:
    """Who asked, as the ledger keeps it: a shopper who erased themselves is not named by their own receipt."""
    return actor.partition(":")[0] if actor.startswith(("customer:", "visitor:")) else actor
