"""What people do with models: an earlier one back into service, and that taken back. Each act stands in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.recommend.errors import NotKept
from zhanggui.recommend.ports import Record
from zhanggui.recommend.service.model_store import KIND, ModelStore
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.models import ModelCard, ModelChanged

from .cards import model_card


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelActs:
    """Puts kept models back into service.

    Args:
        db: the shop's store.
        models: the shop's model files.
        record: where acts of people stand for good.
    """

    db: Database
    models: ModelStore
    record: Record

    def put_back(self, model_id: str | None, actor: str) -> ModelCard:
        """Let a kept model serve again; without an id the newest of those that are kept.

        The very next answer of every process is its. It stays until a model from newer events passes its checks, or a
        person trains anew.

        Raises:
            UnknownModel: there is none of that id.
            NotKept: it serves already, was refused, or none is kept.
            BrokenModel: its files are not what was written.
        """
        wanted = self._newest_kept() if model_id is None else model_card(self.db, model_id)
        if wanted.state != "kept":
            where = "serves already" if wanted.state == "current" else "was refused by its checks"
            raise NotKept(f"Model {wanted.id} {where}.", hint="Choose one that is kept: zhanggui recommend models SHOP")
        self.models.load(wanted)

        def work(db: sa.Connection) -> ModelCard:
            present = model_tables.current_model(db, KIND)
            newest = max(card.until_seq for card in model_tables.models.all(db, KIND))
            held = msgspec.structs.replace(wanted, replaced="" if present is None else present.id, held_seq=newest)
            return self._serve(db, held, "put_back", actor)

        return self.db.write(work)

    def undo(self, actor: str) -> ModelCard:
        """Take the last `put_back` back: what served until then serves again, and may be replaced as ever.

        Raises:
            NotKept: the model that serves was not put back, or what served before it is gone.
        """
        with self.db.read() as db:
            present = model_tables.current_model(db, KIND)
            cards = {card.id: card for card in model_tables.models.all(db, KIND)}
        if present is None or present.replaced not in cards:
            raise NotKept("No model was put back that could give way again.", hint="Put one back by its id instead.")
        before = cards[present.replaced]
        self.models.load(before)
        return self.db.write(lambda db: self._serve(db, before, "undone", actor))

    def _newest_kept(self) -> ModelCard:
        with self.db.read() as db:
            kept = [card for card in model_tables.models.all(db, KIND) if card.state == "kept"]
        if not kept:
            raise NotKept("No earlier model is kept.", hint="There is one after the next training.")
        return kept[0]

    def _serve(self, db: sa.Connection, card: ModelCard, act: Literal["put_back", "undone"], actor: str) -> ModelCard:
        present = model_tables.current_model(db, KIND)
        self.models.enter(db, card)
        subject = f"model:{card.id}"
        changed = ModelChanged(subject=subject, act=act, before="" if present is None else present.id, after=card.id)
        self.record.append(db, "recommend.model", changed, actor, about=subject)
        return msgspec.structs.replace(card, state="current")
