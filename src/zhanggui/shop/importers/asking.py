"""What is asked of an import, in words: its kind and its legal basis."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.errors import did_you_mean
from zhanggui.shop.types import LegalBasis, TextLicence
from zhanggui.shop.types.imports import KINDS_WITH_TEXTS, ImportKind

from .choices import to_currency
from .cleaning import BadCell
from .errors import BadMap, BasisMissing


def kind_of(name: str) -> ImportKind:
    """The kind called `name`.

    Raises:
        BadMap: there is none.
    """
    try:
        return ImportKind(name)
    except ValueError as error:
        known = [kind.value for kind in ImportKind]
        hint = did_you_mean(name, known, otherwise=f"Kinds: {', '.join(known)}.")
        raise BadMap(f"{name!r} is nothing that can be imported.", hint=hint) from error


def currency_of(text: str) -> str:
    """The ISO 4217 code that is meant; empty for none.

    Raises:
        BadMap: there is no such currency.
    """
    code = to_currency(text)
    if isinstance(code, BadCell):
        raise BadMap(f"{text!r} is no currency of ISO 4217.", hint=code.cure)
    return code or ""


def licence_of(text: str, kind: ImportKind) -> TextLicence | None:
    """The licence that is meant for the texts of a kind; None for none said.

    Raises:
        BadMap: there is no such licence, or such rows bring no texts.
    """
    if not text:
        return None
    known = [licence.value for licence in TextLicence]
    if text not in known:
        hint = did_you_mean(text, known, otherwise=f"Licences: {', '.join(known)}.")
        raise BadMap(f"{text!r} is no licence of texts.", hint=hint)
    if kind not in KINDS_WITH_TEXTS:
        raise BadMap(f"Rows of {kind} bring no texts that have a licence.", hint="Leave the licence out.")
    return TextLicence(text)


def basis_of(basis: LegalBasis | str | None) -> LegalBasis | None:
    """A legal basis from `contract`, `consent:NOTICE` or `public-data`.

    Raises:
        BasisMissing: none of these, or a consent without its notice.
    """
    if not isinstance(basis, str):
        return basis
    kind, _, notice = basis.partition(":")
    try:
        held = msgspec.convert({"kind": kind, "notice": notice}, LegalBasis)
    except msgspec.ValidationError as error:
        near = did_you_mean(kind, ("contract", "consent", "public-data"))
        raise BasisMissing(
            f"{basis!r} is no legal basis.", hint=near or "contract, consent:NOTICE, public-data"
        ) from error
    if kind == "consent" and not notice:
        raise BasisMissing("A consent names the notice that was agreed to.", hint="Write consent:privacy-2026-01.")
    return held
