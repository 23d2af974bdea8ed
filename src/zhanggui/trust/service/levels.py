"""How far each kind of proposal may go alone, and the switch that stops them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.shop import OutboxQueue
from zhanggui.trust.errors import NotAllowed
from zhanggui.trust.tables import proposals as tables
from zhanggui.trust.types.proposals import Autonomy, AutonomyLevel, KindAutonomy

from .examining import AnyKind, kind_of
from .ledger import Ledger
from .records import LevelSet, Switched


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Reads and sets autonomy levels. Every method takes the caller's connection."""

    kinds: Mapping[str, AnyKind]
    outbox: OutboxQueue
    ledger: Ledger

    def all(self, db: sa.Connection) -> Autonomy:
        """Every kind's level."""
        stored = tables.levels(db)
        is_paused = self.outbox.is_paused(db)
        found = []
        for name in sorted(self.kinds):
            level = stored.get(name, AutonomyLevel.SUGGEST)
            acts_as = AutonomyLevel.OBSERVE if is_paused else level
            found.append(KindAutonomy(kind=name, level=level, acts_as=acts_as))
        return Autonomy(is_paused=is_paused, kinds=tuple(found))

    def of(self, db: sa.Connection, kind: str) -> AutonomyLevel:
        """The level that a kind acts at now."""
        if self.outbox.is_paused(db):
            return AutonomyLevel.OBSERVE
        return tables.levels(db).get(kind, AutonomyLevel.SUGGEST)

    def require_decisions(self, db: sa.Connection, kind: str) -> None:
        """Raise where nothing may be decided.

        Raises:
            NotAllowed: everything is paused, or the kind stands at `observe`.
        """
        if self.outbox.is_paused(db):
            raise NotAllowed("Everything is paused; nothing is approved.", hint="Resume first: zhanggui resume SHOP")
        if self.of(db, kind) is AutonomyLevel.OBSERVE:
            raise NotAllowed(f"{kind} stands at observe; nothing is approved.", hint="Set its level to suggest first.")

    def set(self, db: sa.Connection, kind: str, level: AutonomyLevel, actor: str) -> None:
        """Set a kind's level, and note it in the ledger."""
        kind_of(self.kinds, kind)
        tables.set_level(db, kind, level)
        announce(db, "rule", [f"autonomy:{kind}"])
        self.ledger.append(db, "autonomy.level", LevelSet(kind=kind, level=level.value), actor)

    def pause(self, db: sa.Connection, actor: str) -> None:
        """Stop everything; a second time changes nothing."""
        if not self.outbox.is_paused(db):
            self.outbox.pause(db, actor)
            self._note(db, actor, is_paused=True)

    def resume(self, db: sa.Connection, actor: str) -> None:
        """Go on at the levels that were set; what came in meanwhile waits for a person."""
        if self.outbox.is_paused(db):
            self.outbox.resume(db, actor)
            self._note(db, actor, is_paused=False)

    def _note(self, db: sa.Connection, actor: str, *, is_paused: bool) -> None:
        announce(db, "rule", ["pause"])
        kind = "autonomy.paused" if is_paused else "autonomy.resumed"
        self.ledger.append(db, kind, Switched(is_paused=is_paused), actor)
