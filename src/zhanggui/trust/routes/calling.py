"""Who asks, for the routes of this room."""

from __future__ import annotations

from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust.types.access import Caller


def caller_of(request: AnyRequest) -> Caller:
    """Whom the guard let in; it runs before every handler, so there is always one."""
    caller: Caller = request.scope["state"]["caller"]
    return caller
