"""What is done about a shop's API keys, whichever door it comes by: every act stands in the shop's ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from zhanggui.trust.types.access import ApiKey, Caller, CreateKey, IssuedKey

from .keys import DEFAULT_OVERLAP, Keys
from .ledger import Ledger


class KeyAct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done about a key; its secret stands nowhere."""

    subject: str
    kind: str
    scopes: tuple[str, ...]
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyActs:
    """The keys of one shop, in the hands of one actor.

    Keys stand in the installation's store and the ledger in the shop's: the act comes first, its entry directly
    after it.

    Args:
        actor: what the ledger writes down.
        by: who asks; nobody grants what they do not hold. None: somebody at the machine itself.
    """

    keys: Keys
    ledger: Ledger
    shop: str
    actor: str
    by: Caller | None = None

    def create(self, wanted: CreateKey) -> IssuedKey:
        """Make a key; see `Keys.create`."""
        issued = self.keys.create(self.shop, wanted, by=self.by)
        self._note("access.key_made", issued.key)
        return issued

    def rotate(self, key_id: str, *, overlap: timedelta = DEFAULT_OVERLAP) -> IssuedKey:
        """Replace a key; see `Keys.rotate`."""
        issued = self.keys.rotate(self.shop, key_id, overlap=overlap, by=self.by)
        self._note("access.key_rotated", issued.key, replaces=key_id)
        return issued

    def revoke(self, key_id: str) -> ApiKey:
        """End a key; see `Keys.revoke`."""
        key = self.keys.revoke(self.shop, key_id)
        self._note("access.key_revoked", key)
        return key

    def _note(self, kind: str, key: ApiKey, *, replaces: str = "") -> None:
        act = KeyAct(subject=f"key:{key.id}", kind=key.kind, scopes=key.scopes, replaces=replaces)
        self.ledger.db.write(lambda db: self.ledger.append(db, kind, act, self.actor))
