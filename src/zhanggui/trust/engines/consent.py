"""Which purposes a legal basis carries when the person has said nothing.

- `contract` (PIPL art. 13, item 2): what serving the customer needs, and personalization, which the customer can turn
  off at any time (art. 24), with the training of the shop's own recommender: its model counts which products go
  together and holds nothing about a person.
- `consent:NOTICE` (art. 13, item 1): what the notice says.
- `public-data` (art. 13, item 6; art. 27): training and analytics.
- A visitor's own behaviour in the shop: personalization and that training until personalization is turned off. Art. 24
  asks for a convenient way to refuse and for an option that does not rest on personal traits; both are there from the
  first page on.
- Nothing on record: service alone.

Who refuses personalization and says nothing of training refuses that too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from zhanggui.kernel.privacy import Purpose

CARRIES: Mapping[str, frozenset[Purpose]] = {
    "contract": frozenset({Purpose.SERVICE, Purpose.PERSONALIZATION, Purpose.TRAINING}),
    "public-data": frozenset({Purpose.TRAINING, Purpose.ANALYTICS}),
}
VISITOR = frozenset({Purpose.SERVICE, Purpose.PERSONALIZATION, Purpose.TRAINING})
SPOKEN_FOR: Mapping[Purpose, Purpose] = {Purpose.TRAINING: Purpose.PERSONALIZATION}
"""By purpose, the other purpose whose refusal refuses it too, where nothing was said of it."""


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


def said_of(purpose: Purpose, records: Collection[tuple[str, int, bool]]) -> bool | None:
    """What (purpose, at_ms, granted) records say of a purpose; None where they say nothing."""
    said = newest((at_ms, granted) for of, at_ms, granted in records if of == purpose.value)
    if said is None and purpose in SPOKEN_FOR:
        other = SPOKEN_FOR[purpose].value
        return False if newest((at_ms, granted) for of, at_ms, granted in records if of == other) is False else None
    return said


def newest(records: Iterable[tuple[int, bool]]) -> bool | None:
    """What the newest of (at_ms, granted) says; of two at the same moment, the refusal. None without any."""
    latest = max(records, key=lambda record: (record[0], not record[1]), default=None)
    return None if latest is None else latest[1]
