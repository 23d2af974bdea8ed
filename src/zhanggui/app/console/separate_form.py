"""What a merchant writes to ask shoppers for a separate consent, and what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhanggui.app.web.forms import Form
from zhanggui.app.web.problems import said
from zhanggui.kernel.errors import InvalidInput, ZhangguiError
from zhanggui.kernel.words import N_
from zhanggui.trust.engines.separate import untold
from zhanggui.trust.errors import UntoldSeparateAsk
from zhanggui.trust.types.separate import AskName, PublishSeparateAsk, SeparateAct

from .shell import Console

ACTS: Mapping[SeparateAct, str] = {
    SeparateAct.ABROAD: N_("Data go abroad (PIPL art. 39)"),
    SeparateAct.HAND_OVER: N_("Data go to another company in the mainland (PIPL art. 23)"),
    SeparateAct.PUBLISH: N_("Data are made public (PIPL art. 25)"),
    SeparateAct.PUBLIC_PLACES: N_("Pictures of public places for another end (PIPL art. 26)"),
    SeparateAct.SENSITIVE: N_("Sensitive data are used (PIPL art. 29)"),
}
FIELDS: Mapping[str, str] = {
    "receiver": N_("Who gets them"),
    "country": N_("Where that is"),
    "contact": N_("How to reach them"),
    "data": N_("Which data"),
    "purpose": N_("What for"),
    "method": N_("What is done with them"),
    "effect": N_("Why it is needed, and what it means for the shopper"),
    "rights": N_("How shoppers use their rights there"),
}
"""In the order in which they are asked for; shoppers read the answers as they are written."""


class BadSeparateForm(InvalidInput):
    """What a form asks shoppers for cannot be so."""

    code = "console.bad_separate_form"


def drafted(form: Form) -> tuple[str, PublishSeparateAsk]:
    """The name, and the words of the notice; kinds of data stand a line each.

    Raises:
        BadSeparateForm: the name, the country or the length of a text cannot be so.
    """
    texts = {name: form.text(name) for name in FIELDS} | {"act": form.required("act")}
    texts["country"] = texts["country"].upper()
    data = tuple(filter(None, (line.strip() for line in form.text("data").splitlines())))
    try:
        return msgspec.convert(form.required("name"), AskName), msgspec.convert(
            texts | {"data": data}, PublishSeparateAsk
        )
    except msgspec.ValidationError as error:
        hint = "Names are written tea-partner, countries in two letters: CN."
        raise BadSeparateForm(f"The separate consent cannot be asked for: {error}.", hint=hint) from error


def asked_for(console: Console, form: Form) -> str:
    """Publish what a form asks for; what is wrong with it in words, "" where nothing is."""
    try:
        name, draft = drafted(form)
        console.rooms.separate_consents.publish(name, draft, console.actor)
    except UntoldSeparateAsk as error:
        missing = [console.view._(FIELDS[field]) for field in untold(draft)]
        return " ".join(filter(None, (said(error, console.view.language), " / ".join(missing))))
    except ZhangguiError as error:
        return said(error, console.view.language)
    return ""
