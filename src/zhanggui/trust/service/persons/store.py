"""What trust itself holds of a person: what they agreed to, and ledger entries about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.service.ledger_reading import entry_in_place
from zhanggui.trust.tables import consents as consent_tables
from zhanggui.trust.tables import ledger as ledger_tables

REASON = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustStore:
    """Consents, and payloads of the ledger. The chain keeps their hashes and says "erased, receipt N"."""

    ledger: Ledger
    name: str = "trust"
    tables: tuple[str, ...] = ("consents", "ledger_payloads")

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """What they agreed to or refused, and what the ledger says about them."""
        entries = [entry_in_place(db, seq).entry for seq in ledger_tables.payloads_of(db, person.numbers)]
        return {
            "consents": [
                {"purpose": held.purpose, "is_granted": bool(held.granted), "notice": held.notice}
                | {"basis": held.basis, "at": from_ms(held.at_ms).isoformat()}
                for held in consent_tables.consents_of(db, person.numbers)
            ],
            "ledger": [
                {"entry": one.seq, "kind": one.kind, "at": from_ms(one.at_ms).isoformat(), "says": one.payload}
                for one in entries
            ],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete consents, take salt and payload of the entries."""
        del receipt
        gone = consent_tables.consents.delete_people(db, person.numbers)
        entries = ledger_tables.payloads_of(db, person.numbers)
        self.ledger.erase(db, seqs=entries, reason=REASON, actor="system")
        return {"consents": gone, "ledger_payloads": len(entries)}
