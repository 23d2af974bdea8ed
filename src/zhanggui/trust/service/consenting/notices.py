"""Publishes versions of notices, and says which one an agreement is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.trust.errors import UnknownNotice
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import consenting as tables
from zhanggui.trust.tables.consents import notices, store_notice
from zhanggui.trust.types.notices import NoticeVersion, PublishNotice, key_of, parts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Versions of what people agree to (PIPL art. 14 and 17, GDPR art. 7(1): who agreed to what must be provable)."""

    db: Database
    clock: Clock
    ledger: Ledger

    def publish(self, notice: str, draft: PublishNotice, actor: str) -> NoticeVersion:
        """Publish the next version; it holds for the next answer.

        Where it asks again, nobody has agreed any more who agreed to an older one.
        """
        now = self.clock()

        def work(db: sa.Connection) -> NoticeVersion:
            number = max((one.version for one in tables.versions(db, notice)), default=0) + 1
            fields = msgspec.structs.asdict(draft)
            version = NoticeVersion(notice=notice, version=number, at=now, by=actor, **fields)
            tables.add_versions(db, [version], [to_ms(now)])
            if notice not in notices(db):
                store_notice(db, notice, version.purposes)
            announce(db, "consent", ["notice"])
            self.ledger.append(db, "consent.notice", version, actor)
            return version

        return self.db.write(work)

    def versions(self, notice: str | None = None) -> Sequence[NoticeVersion]:
        """All versions by name and number, or those of one notice.

        Raises:
            UnknownNotice: it has none.
        """
        with self.db.read() as db:
            found = tables.versions(db, notice)
        if notice is not None and not found:
            raise UnknownNotice.of(notice)
        return found


def stamped(db: sa.Connection, notice: str) -> str:
    """What is written down of agreeing to a notice now: `privacy@3`, or its bare name where it has no versions.

    Raises:
        UnknownNotice: it has versions, and not the one named.
    """
    name, wanted = parts_of(notice)
    known = [one.version for one in tables.versions(db, name)] if notice else []
    if wanted is not None and wanted not in known:
        raise UnknownNotice.of(notice)
    return notice if wanted is not None or not known else key_of(name, max(known))
