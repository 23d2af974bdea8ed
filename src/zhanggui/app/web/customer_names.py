"""What a customer is called where the shop's own id would stand: whoever was erased has none any more."""

from __future__ import annotations

from zhanggui.kernel.persons import ERASED_ID
from zhanggui.kernel.words import N_, words

ERASED_CUSTOMER = N_("Erased customer")


def is_erased(customer_id: str) -> bool:
    """Whether what stands in the place of an id says that its person was erased."""
    return customer_id.startswith(ERASED_ID)


def customer_name(customer_id: str, language: str) -> str:
    """The shop's own id; a plain word for whoever was erased, never our number of them."""
    return words(language).gettext(ERASED_CUSTOMER) if is_erased(customer_id) else customer_id


def sought(search: str, language: str) -> str:
    """The beginning of an id that a search means: that plain word means everybody who was erased."""
    erased = words(language).gettext(ERASED_CUSTOMER)
    return ERASED_ID if search.casefold() == erased.casefold() else search
