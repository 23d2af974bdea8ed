"""Which purposes a legal basis carries when the person has said nothing.

- `contract` (PIPL art. 13, item 2): what serving the customer needs, and personalization, which the customer can turn
  off at any time (art. 24).
- `consent:NOTICE` (art. 13, item 1): what the notice says.
- `public-data` (art. 13, item 6; art. 27): training and analytics.
- A visitor's own behaviour in the shop: personalization until it is turned off. Art. 24 asks for a convenient way to
  refuse and for an option that does not rest on personal traits; both are there from the first page on.
- Nothing on record: service alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from zhanggui.kernel.privacy import Purpose

CARRIES: Mapping[str, frozenset[Purpose]] = {
    "contract": frozenset({Purpose.SERVICE, Purpose.PERSONALIZATION}),
    "public-data": frozenset({Purpose.TRAINING, Purpose.ANALYTICS}),
}
VISITOR = frozenset({Purpose.SERVICE, Purpose.PERSONALIZATION})


def granted_by_default(
    purpose: Purpose,
    *,
    is_visitor: bool,
    bases: Collection[tuple[str, str]],
    notices: Mapping[str, Collection[Purpose]],
) -> bool:
    """Whether the bases (kind, notice) that a subject's rows are held on carry `purpose`; service always is."""
    if purpose is Purpose.SERVICE or (is_visitor and purpose in VISITOR):
        return True
    return any(
        purpose in (notices.get(notice, ()) if kind == "consent" else CARRIES.get(kind, ())) for kind, notice in bases
    )


def newest(records: Iterable[tuple[int, bool]]) -> bool | None:
    """What the newest of (at_ms, granted) says; of two at the same moment, the refusal. None without any."""
    latest = max(records, key=lambda record: (record[0], not record[1]), default=None)
    return None if latest is None else latest[1]
