"""What the page of an export calls each thing that the shop holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhanggui.kernel.words import N_

PARTS: Final[Mapping[str, str]] = {
    "person": N_("Who you are"),
    "orders": N_("What you bought and gave back"),
    "words": N_("What you wrote"),
    "behaviour": N_("What you did, and what you were shown"),
    "preferences": N_("What you want less of"),
    "profile": N_("What was gathered from it"),
    "trust": N_("What you agreed to, and what was written down about you"),
}
"""By the name of a room's part; a part without words shows its name."""

FIELDS: Final[Mapping[str, str]] = {
    "customers": N_("Your customer record"),
    "browsers": N_("Your browsers"),
    "logins": N_("Your logins"),
    "changed_by_imports": N_("What files that came in changed about you"),
    "identifiers": N_("Name and ways to reach you"),
    "name": N_("Name"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "platform_ids": N_("Accounts elsewhere"),
    "basis": N_("Legal basis"),
    "notice": N_("Notice"),
    "kind": N_("Kind"),
    "orders": N_("Your orders"),
    "returns": N_("What you sent back"),
    "reviews": N_("Your reviews"),
    "questions": N_("Your questions"),
    "answers": N_("Your answers"),
    "events": N_("What you did here"),
    "lists_shown": N_("Lists that you were shown"),
    "days": N_("Days on which you came"),
    "less_of": N_("Less of this"),
    "consents": N_("What you agreed to"),
    "ledger": N_("What the record says about you"),
    "counted": N_("What was counted"),
    "corrections": N_("What you corrected"),
    "plans": N_("Plans that you were counted in"),
    "was_written_to": N_("You were written to"),
    "at": N_("When"),
    "lines": N_("Goods"),
    "product_id": N_("Product"),
    "products": N_("Products"),
    "quantity": N_("Units"),
    "unit_price_minor": N_("Price, in hundredths"),
    "value_minor": N_("Amount, in hundredths"),
    "text": N_("Text"),
    "province": N_("Province"),
    "purpose": N_("Purpose"),
    "is_granted": N_("Agreed"),
    "surface": N_("Place on the page"),
    "says": N_("It says"),
    "foretold": N_("What was foretold of you"),
    "conclusions": N_("What is concluded of you"),
    "why": N_("What it rests on"),
    "since": N_("As of"),
}
"""By field; one without words shows its own name, as programs read it."""
