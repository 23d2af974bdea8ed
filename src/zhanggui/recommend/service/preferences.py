""" "Show me less": the product goes, what it shares with others is lowered, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Duty
from zhanggui.recommend.errors import NobodyNamed, UnknownChip, UnknownPreference
from zhanggui.recommend.ports import Behaviour, LiveView, Names, Record, Subjects
from zhanggui.recommend.tables import preferences as preference_tables
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.recommend.types.preferences import ChipChoice, Preference, ShowLess
from zhanggui.shop import CatalogueView, Chip, Event, EventName

CUSTOMER, VISITOR = 0, 1
BROAD = 0.5
"""A chip that more than this share of the catalogue has is not what a shopper means."""
NOTED = "recommend.preference"


class PreferenceNoted(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a wish, until the person is erased: whose it is, of what, and what they lowered."""

    preference: str
    act: Literal["created", "changed", "undone"]
    person: int
    product_id: str
    chips: tuple[str, ...]


class Preferences:
    """Keeps what shoppers want less of. The very next answer of any process acts on it.

    Each wish is a decision about a person that they took themselves: it stands in the ledger, in the same commit.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        live: LiveView,
        events: Behaviour,
        people: Subjects,
        names: Names,
        record: Record,
    ) -> None:
        self._db, self._clock, self._live, self._events, self._people = db, clock, live, events, people
        self._names, self._record = names, record

    def show_less(self, ask: ShowLess) -> Preference:
        """Take a product away from a shopper and lower the products that share the chosen chips.

        Raises:
            NobodyNamed: neither a customer nor a visitor is named.
            UnknownProduct: there is none of that id.
            UnknownChip: the product does not have that chip.
        """
        with self._db.read() as db:
            view = self._live.view(db)
        number = view.number_of(ask.product_id)
        chips = telling_chips(view, number) if ask.chips is None else checked_chips(view, number, ask.chips)
        if ask.customer_id is None and ask.visitor_id is None:
            raise NobodyNamed("Nobody is named.", hint="Send customer_id or visitor_id.")
        id_, at_ms = new_id(), to_ms(self._clock())

        def work(db: sa.Connection) -> StoredPreference:
            stored = StoredPreference(
                id_, self._person(db, ask), number, tuple(chips), ask.strength, at_ms, is_undone=False
            )
            preference_tables.add_preference(db, stored)
            self._changed(db, "created", shown(view, stored), stored.person, _actor(ask.customer_id, ask.visitor_id))
            return stored

        stored = self._db.write(work)
        self._events.accept(
            [
                Event(
                    id=f"preference:{id_}",
                    name=EventName.DISMISS,
                    at=from_ms(at_ms),
                    customer_id=ask.customer_id,
                    visitor_id=ask.visitor_id,
                    product_id=ask.product_id,
                    keywords=tuple(chips),
                )
            ]
        )
        return shown(view, stored)

    def choose_chips(
        self, id_: str, chips: Sequence[str], customer_id: str | None = None, visitor_id: str | None = None
    ) -> Preference:
        """Lower other chips instead.

        Args:
            id_: of the preference.
            chips: keys of its product's chips.
            customer_id: when named, it must be this customer's.
            visitor_id: when named, it must be this visitor's.

        Raises:
            UnknownPreference: they have none of that id.
            UnknownChip: its product does not have that chip.
        """
        stored, view = self._found(id_, customer_id, visitor_id)
        checked = checked_chips(view, stored.product, chips)
        now = shown(view, msgspec.structs.replace(stored, chips=tuple(checked)))

        def work(db: sa.Connection) -> None:
            preference_tables.choose_chips(db, id_, checked)
            self._changed(db, "changed", now, stored.person, _actor(customer_id, visitor_id))

        self._db.write(work)
        return now

    def undo(self, id_: str, customer_id: str | None = None, visitor_id: str | None = None) -> Preference:
        """Take a preference back: the next answer is what it would have been without it. Twice is once.

        Args:
            id_: of the preference.
            customer_id: when named, it must be this customer's.
            visitor_id: when named, it must be this visitor's.

        Raises:
            UnknownPreference: they have none of that id.
        """
        stored, view = self._found(id_, customer_id, visitor_id)
        now = shown(view, msgspec.structs.replace(stored, is_undone=True))
        if stored.is_undone:
            return now

        def work(db: sa.Connection) -> None:
            preference_tables.set_undone(db, id_)
            self._changed(db, "undone", now, stored.person, _actor(customer_id, visitor_id))

        self._take_back(stored, now.product_id)  # first: where it cannot be told, the undo fails and is tried again
        self._db.write(work)
        return now

    def of(self, customer_id: str | None = None, visitor_id: str | None = None) -> list[Preference]:
        """What a shopper wants less of, undone ones too, newest first."""
        with self._db.read() as db:
            owner = self._people.subject(db, customer_id, visitor_id)
            held = [] if owner is None else preference_tables.preferences_of(db, owner.numbers, purpose=Duty.RIGHTS)
            view = self._live.view(db)
        # A wish about traits alone names no product; it is told where it was made, on the shopper's profile.
        return [shown(view, stored) for stored in reversed(held) if stored.product]

    def _take_back(self, stored: StoredPreference, product_id: str) -> None:
        """Tell the history that a product is dismissed no more, unless another wish still says so.

        The dismissal may stand under any number of the shopper: they may have logged in or out since.
        """
        with self._db.read() as db:
            whose = self._names.people(db, {stored.person}).get(stored.person, (None, None))
            subject = self._people.subject(db, *whose)
            numbers = (stored.person,) if subject is None else subject.numbers
            wishes = preference_tables.preferences_of(db, numbers, purpose=Duty.RIGHTS)
            people = self._names.people(db, numbers)
        if any(one.product == stored.product and one.id != stored.id and not one.is_undone for one in wishes):
            return
        events = [
            Event(
                id=f"preference:{stored.id}:undone:{number}",
                name=EventName.UNDISMISS,
                customer_id=customer_id,
                visitor_id=visitor_id,
                product_id=product_id,
            )
            for number, (customer_id, visitor_id) in people.items()
        ]
        if stored.product and events:
            self._events.accept(events)

    def _changed(
        self, db: sa.Connection, act: Literal["created", "changed", "undone"], held: Preference, person: int, actor: str
    ) -> None:
        """Tell the other processes, and write the wish down."""
        chosen = tuple(chip.key for chip in held.chips if chip.is_chosen)
        noted = PreferenceNoted(preference=held.id, act=act, person=person, product_id=held.product_id, chips=chosen)
        announce(db, "preference", [held.id])
        self._record.append(db, NOTED, noted, actor, person=person, about=f"preference:{held.id}")

    def _person(self, db: sa.Connection, ask: ShowLess) -> int:
        subject = self._people.subject(db, ask.customer_id, ask.visitor_id)
        if subject is not None:
            return subject.number
        if ask.customer_id is not None:
            return self._people.numbers(db, [ask.customer_id], create=True)[CUSTOMER, ask.customer_id]
        visitor = ask.visitor_id or ""
        return self._people.numbers(db, visitor_ids=[visitor], create=True)[VISITOR, visitor]

    def _found(
        self, id_: str, customer_id: str | None, visitor_id: str | None
    ) -> tuple[StoredPreference, CatalogueView]:
        with self._db.read() as db:
            stored, view = preference_tables.preference(db, id_, purpose=Duty.RIGHTS), self._live.view(db)
            if customer_id is not None or visitor_id is not None:
                owner = self._people.subject(db, customer_id, visitor_id)
                if stored is not None and (owner is None or stored.person not in owner.numbers):
                    stored = None  # what others want less of is nobody's business, not even that it is there
        if stored is None:
            raise UnknownPreference(f"No preference has the id {id_!r}.", hint="Use the id that show-less answered.")
        return stored, view


def _actor(customer_id: str | None, visitor_id: str | None) -> str:
    """Whom the ledger names: the shopper, or the software that speaks for one."""
    if customer_id is not None:
        return f"customer:{customer_id}"
    return "system" if visitor_id is None else f"visitor:{visitor_id}"


def telling_chips(view: CatalogueView, number: int) -> list[str]:
    """The chips that most likely are meant: the narrowest keyword, else the category, else the brand.

    A chip that half the catalogue has tells nothing; a price band is offered but never chosen for a shopper.
    """
    chips = view.chips(number)
    for kind in ("keyword", "category", "brand"):
        sizes = [(len(view.chip_members(chip.key)), chip.key) for chip in chips if chip.kind == kind]
        narrow = sorted((size, key) for size, key in sizes if 1 < size <= max(2, BROAD * (view.size - 1)))
        if narrow:
            return [narrow[0][1]]
    return []


def checked_chips(view: CatalogueView, number: int, asked: Sequence[str]) -> list[str]:
    """The asked keys, each once; every one must be the product's.

    Raises:
        UnknownChip: one is not.
    """
    own = {chip.key for chip in view.chips(number)}
    for key in asked:
        if key not in own:
            hint = did_you_mean(key, own, otherwise=f"It has: {', '.join(sorted(own)) or 'none'}.")
            raise UnknownChip(f"The product has no chip {key!r}.", hint=hint)
    return list(dict.fromkeys(asked))


def shown(view: CatalogueView, stored: StoredPreference) -> Preference:
    """A preference as a shopper sees it: all chips of the product, the chosen ones marked."""
    chips = tuple(_choice(chip, stored) for chip in view.chips(stored.product))
    return Preference(stored.id, view.ids[stored.product], chips, stored.strength, stored.is_undone)


def _choice(chip: Chip, stored: StoredPreference) -> ChipChoice:
    return ChipChoice(chip.kind, chip.value, chip.key, chip.key in stored.chips)
