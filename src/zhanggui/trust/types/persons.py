"""A person as erasure and access see them, and what both leave behind."""

from __future__ import annotations

import msgspec


class KnownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """One subject: a customer with the visitors that a login joined to them, or a visitor whom nobody knows by name.

    `numbers` are our dense integers, the subject's own first. `words` are what texts and files that stand under no
    number may name the person by: their ids, phone, e-mail, address, accounts, and a name that nobody else here has.
    None of it outlives an erasure, so it is written down nowhere.
    """

    customer_id: str | None
    visitor_ids: tuple[str, ...]
    numbers: tuple[int, ...]
    words: tuple[str, ...] = ()
