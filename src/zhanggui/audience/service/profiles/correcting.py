"""What a shopper may do to what the shop thinks of them: mute, remove, correct, pause, forget, turn off; all undoable.

Law: PIPL art. 15 (taking consent back), art. 24 (a way to refuse automated decisions), art. 44 to 47 (to decide, to
see, to correct, to erase). Cited by number; the text was not read here.

Each act is one commit with its entry in the ledger, and with the recommender's own wish where it is about goods, so the
very next recommendation of any process acts on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import msgspec
import sqlalchemy as sa

from zhanggui.audience.errors import BadCorrection, UnknownCorrection, UnknownTrait
from zhanggui.audience.ports import Followed, LiveView, Record, Switch, Wishes
from zhanggui.audience.service.shoppers import Shoppers
from zhanggui.audience.tables import corrections as tables
from zhanggui.audience.tables.corrections import StoredCorrection
from zhanggui.audience.tables.predictions import foretold
from zhanggui.audience.types.profiles import Corrected, TagCode
from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import CatalogueView

from .keeping import Keeping
from .reading import corrected

TAGS: tuple[str, ...] = get_args(TagCode)
Degree = Literal["more", "less"]
MOST_MINOR = 2**53
_CHIPS = ("category", "keyword", "brand", "price")
_SEGMENT_ID = re.compile(r"[0-9A-Z]{26}", re.ASCII)
_NO_GOODS = (tables.FORETOLD, tables.PLANS, tables.SEGMENT)


class ProfileCorrected(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of an act; erasure takes it, and leaves its receipt."""

    correction: str
    act: str
    subject: str = ""
    value: str = ""
    is_undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Keeps what shoppers say of their profiles."""

    db: Database
    clock: Clock
    live: LiveView
    log: Followed
    shoppers: Shoppers
    keeping: Keeping
    wishes: Wishes
    switch: Switch
    record: Record

    def of(self, customer_id: str | None = None, visitor_id: str | None = None) -> list[Corrected]:
        """All that was said and not taken back, oldest first, what is over too.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
        """
        with self.db.read() as db:
            subject = self.shoppers.known(db, customer_id, visitor_id)
            said = tables.corrections_of(db, subject.numbers, purpose=Duty.RIGHTS)
        return [corrected(one) for one in said if one.undone_ms is None]

    def mute(self, key: str, actor: str, customer_id: str | None = None, visitor_id: str | None = None) -> Corrected:
        """Use something no more; of tags and interests the shopper's own page still shows it, as muted.

        Args:
            key: `tag:CODE`, the key of an interest, `foretold`, `plans`, or `segment:ID`.
            actor: who does it.
            customer_id: whose profile it is,
            visitor_id: or whose browser's.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            UnknownTrait: there is no such tag, and nothing in the catalogue has that trait.
        """
        return self._say("mute", key, "", actor, customer_id, visitor_id)

    def remove(self, key: str, actor: str, customer_id: str | None = None, visitor_id: str | None = None) -> Corrected:
        """Like `mute`, and it is shown to nobody until that is undone; raises the same."""
        return self._say("remove", key, "", actor, customer_id, visitor_id)

    def weigh(
        self, key: str, degree: Degree, actor: str, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Corrected:
        """Say that an interest is liked more (twice the weight) or less (half of it) than the shop thinks.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            UnknownTrait: nothing in the catalogue has that trait.
            BadCorrection: it is no interest.
        """
        if key.startswith(("tag:", *_NO_GOODS)):
            raise BadCorrection("Only an interest has more or less.", hint="Mute it, or remove it.")
        return self._say("weigh", key, degree, actor, customer_id, visitor_id)

    def set_language(
        self, language: str, actor: str, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Corrected:
        """Say in which language they want to be spoken to (BCP 47)."""
        return self._say("correct", "language", language, actor, customer_id, visitor_id)

    def pause(
        self, until: datetime, actor: str, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Corrected:
        """Let nothing be personal until a moment: no profile, and everybody's recommendations.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            BadCorrection: the moment is not ahead.
        """
        if until <= self.clock():
            raise BadCorrection("A pause ends in the future.", hint="Send a later moment in `until`.")
        return self._say("pause", "", "", actor, customer_id, visitor_id, until_ms=to_ms(until))

    def set_budget(
        self, month_minor: int, actor: str, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Corrected:
        """Say how much they mean to spend here in a month, in minor units of the shop's currency.

        Nothing that is recommended to them costs more than what is left of it; nothing is sold for less or more for it.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            BadCorrection: it is no amount.
        """
        if not 0 < month_minor < MOST_MINOR:
            raise BadCorrection("A budget is an amount above nothing.", hint="Undo the correction to have none.")
        return self._say("budget", "budget", str(month_minor), actor, customer_id, visitor_id)

    def forget(self, actor: str, customer_id: str | None = None, visitor_id: str | None = None) -> Corrected:
        """Delete the profile: what was done until now counts no more; orders and their records stay.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
        """
        return self._say("forget", "", "", actor, customer_id, visitor_id, after_seq=self.log.watermark())

    def turn(self, actor: str, customer_id: str | None = None, visitor_id: str | None = None, *, on: bool) -> None:
        """Turn personalization on or off altogether; the consent, its entry and its effect are trust's.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
        """
        with self.db.read() as db:
            subject = self.shoppers.known(db, customer_id, visitor_id)
        self.switch.set_personalization(subject.number, on=on, actor=actor)

    def undo(self, id_: str, actor: str, customer_id: str | None = None, visitor_id: str | None = None) -> Corrected:
        """Take an act back: the profile is what it would be without it. Twice is once.

        Of a profile that was forgotten, what is still at hand counts at once, and what lies in the archive as soon as
        the job that this enqueues has read it.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            UnknownCorrection: they have none of that id.
        """
        with self.db.read() as db:
            subject = self.shoppers.known(db, customer_id, visitor_id)
            held = tables.correction(db, id_, purpose=Duty.RIGHTS)
        if held is None or held.person not in subject.numbers:
            raise UnknownCorrection(f"There is no correction {id_!r} of theirs.", hint="List them first.")
        if held.undone_ms is None:
            self.db.write(lambda db: self._undo(db, held, subject.numbers, actor))
        return corrected(held)

    def _undo(self, db: sa.Connection, held: StoredCorrection, persons: Sequence[int], actor: str) -> None:
        if not tables.set_undone(db, held.id, to_ms(self.clock())):
            return  # another request was faster
        if held.wish:
            self.wishes.undo(db, held.wish)
        if held.act == "forget":
            self.keeping.remember(db, persons)
        self._written(db, held, actor, is_undone=True)

    def _say(
        self,
        act: str,
        key: str,
        value: str,
        actor: str,
        customer_id: str | None,
        visitor_id: str | None,
        *,
        until_ms: int | None = None,
        after_seq: int | None = None,
    ) -> Corrected:
        with self.db.read() as db:
            subject, view = self.shoppers.known(db, customer_id, visitor_id), self.live.view(db)
        if act in {"mute", "remove", "weigh"}:
            _check(view, key)
        said = StoredCorrection(
            id=new_id(),
            person=subject.number,
            act=act,
            subject=key,
            value=value,
            at_ms=to_ms(self.clock()),
            until_ms=until_ms,
        )

        def work(db: sa.Connection) -> StoredCorrection:
            kept = self._with_wish(db, view, said)
            tables.add_correction(db, kept)
            if kept.subject == tables.FORETOLD:
                foretold.delete_people(db, subject.numbers)
            if after_seq is not None:
                self.keeping.forget(db, subject.numbers, after_seq)
            self._written(db, kept, actor)
            return kept

        return corrected(self.db.write(work))

    def _with_wish(self, db: sa.Connection, view: CatalogueView, said: StoredCorrection) -> StoredCorrection:
        """The act with the wish of the recommender that carries it, where it is about goods."""
        is_less = said.act in {"mute", "remove"} or said.value == "less"
        if not is_less or said.subject.startswith(("tag:", *_NO_GOODS)):
            return said
        kind, _, id_ = said.subject.partition(":")
        product = view.numbers[id_] if kind == "product" else 0
        wish = self.wishes.lower(db, said.person, product, () if product else (said.subject,), said.at_ms)
        return msgspec.structs.replace(said, wish=wish)

    def _written(self, db: sa.Connection, said: StoredCorrection, actor: str, *, is_undone: bool = False) -> None:
        # The recommender remembers who allows what until consents change: a pause must be heard like one.
        announce(db, "consent" if said.act == "pause" else "audience", [str(said.person)])
        entry = ProfileCorrected(
            correction=said.id, act=said.act, subject=said.subject, value=said.value, is_undone=is_undone
        )
        self.record.append(db, "audience.corrected", entry, actor, person=said.person)


def _check(view: CatalogueView, key: str) -> None:
    """Raise `UnknownTrait` where a key names nothing."""
    kind, _, value = key.partition(":")
    if kind == "tag":
        if value not in TAGS:
            raise UnknownTrait(f"There is no tag {value!r}.", hint=did_you_mean(value, TAGS, otherwise=""))
    elif key in {tables.FORETOLD, tables.PLANS}:
        return
    elif kind == "segment":
        if not _SEGMENT_ID.fullmatch(value):
            raise UnknownTrait(f"There is no segment {value!r}.", hint="Use the `key` of a conclusion.")
    elif kind == "product":
        view.number_of(value)
    elif kind not in _CHIPS or not len(view.chip_members(key)):
        raise UnknownTrait(
            f"Nothing in the catalogue has the trait {key!r}.",
            hint="Use the `key` of an interest, such as category:茶/绿茶, or tag:CODE.",
        )
