"""Whom a request is about."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

from zhanggui.audience.errors import NobodyMeant, NotYourself
from zhanggui.kernel.ids import ID_PATTERN, MAX_ID_LENGTH
from zhanggui.kernel.listing import AnyRequest

Who = Annotated[
    str | None,
    QueryParameter(min_length=1, max_length=MAX_ID_LENGTH, pattern=ID_PATTERN, description="The shop's id."),
]
Language = Annotated[str, QueryParameter(max_length=35, description="Of names and reasons: zh or en.")]


def meant(
    request: AnyRequest, customer_id: str | None = None, visitor_id: str | None = None
) -> tuple[str | None, str | None]:
    """(customer id, visitor id) of whom a request is about, one of the two.

    A customer's token speaks for that customer only, a publishable key for its visitor only; neither need be named.

    Raises:
        NotYourself: somebody else was named.
        NobodyMeant: a service key named nobody.
    """
    state = request.scope["state"]
    customer, visitor = state.get("only_customer"), state.get("only_visitor")
    if customer is not None and (customer_id not in {None, customer} or visitor_id is not None):
        raise NotYourself("This token speaks for one customer only.", hint="Ask without visitor_id.")
    if customer is None and visitor is not None and (visitor_id not in {None, visitor} or customer_id is not None):
        raise NotYourself("This key speaks for one visitor only.", hint="Ask with that visitor_id alone.")
    found = (customer, None) if customer else (None, visitor) if visitor else (customer_id, visitor_id)
    if found == (None, None):
        raise NobodyMeant("Nobody is named.", hint="Send customer_id or visitor_id.")
    return found
