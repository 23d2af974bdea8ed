"""People by number upwards, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from zhanggui.audience.types.segments import MemberPage
from zhanggui.kernel.listing import AnyRequest, CursorCodec, opened, sealed


def page_of_people(
    request: AnyRequest, cursors: CursorCodec, after: str | None, ask: Callable[..., MemberPage]
) -> MemberPage:
    """The page after a cursor; `ask` is called with `after`, the number that the page before ended with."""
    page = ask(after=int(opened(cursors, after, request) or 0))
    return msgspec.structs.replace(page, next=sealed(cursors, page.next, request))
