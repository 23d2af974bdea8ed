"""Edit what a product says, its keywords, or whether it is for sale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.notations import Language
from zhanggui.shop import Card, HeldProduct, ProductState, ProductText, change_product, held_product
from zhanggui.trust.types.kinds import CheckContext, ProposalKind
from zhanggui.trust.types.proposals import Cure, Finding, Level

Keyword = Annotated[str, msgspec.Meta(max_length=512)]
MANY_KEYWORDS = 50


class Stamp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In an inverse: the product was last changed at `was_ms`, until this proposal changed it at `set_ms`."""

    was_ms: int
    set_ms: int


class EditProduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """New values for the fields given, each as a whole; the others stay."""

    texts: Annotated[dict[Language, ProductText], msgspec.Meta(max_length=64)] | msgspec.UnsetType = msgspec.UNSET
    keywords: Annotated[tuple[Keyword, ...], msgspec.Meta(max_length=1000)] | msgspec.UnsetType = msgspec.UNSET
    state: ProductState | msgspec.UnsetType = msgspec.UNSET
    stamp: Stamp | msgspec.UnsetType = msgspec.UNSET


def _given(change: EditProduct) -> dict[str, Any]:
    named = {name: getattr(change, name) for name in ("texts", "keywords", "state")}
    return {name: value for name, value in named.items() if value is not msgspec.UNSET}


def _apply(db: sa.Connection, subject: str, change: EditProduct, now_ms: int) -> None:
    held = held_product(db, subject)
    assert held is not None  # looked up by the caller in the same transaction
    stamp = change.stamp
    # Only when nobody else has touched the product since may it look as if nobody ever had.
    is_whole = not isinstance(stamp, msgspec.UnsetType) and held.updated_ms == stamp.set_ms
    was_ms = stamp.was_ms if is_whole and not isinstance(stamp, msgspec.UnsetType) else None
    change_product(db, msgspec.structs.replace(held.product, **_given(change)), now_ms, updated_ms=was_ms)


def _invert(before: HeldProduct, change: EditProduct, now_ms: int) -> EditProduct:
    values = {name: getattr(before.product, name) for name in _given(change)}
    is_changing = any(value != getattr(before.product, name) for name, value in _given(change).items())
    set_ms = now_ms if is_changing else before.updated_ms
    return EditProduct(**values, stamp=Stamp(was_ms=before.updated_ms, set_ms=set_ms))


def _watched(held: HeldProduct, change: EditProduct) -> object:
    return {name: getattr(held.product, name) for name in _given(change)}


def _card(subject: str, change: EditProduct) -> Card:
    return Card(code="edit_product", params={"product": subject, "fields": ", ".join(_given(change))})


def has_titles(context: CheckContext[EditProduct, HeldProduct]) -> Sequence[Finding]:
    """Each text has a title, and there is at least one text."""
    texts = context.change.texts
    if isinstance(texts, msgspec.UnsetType):
        return []
    if not texts:
        return [Finding(rule="product.has_text", level=Level.BLOCK, place="texts", cure=Cure(code="add_a_text"))]
    return [
        Finding(
            rule="product.has_title",
            level=Level.PASS if text.title.strip() else Level.BLOCK,
            place=f"texts.{language}.title",
            cure=None if text.title.strip() else Cure(code="write_a_title", params={"language": language}),
        )
        for language, text in texts.items()
    ]


def has_clean_keywords(context: CheckContext[EditProduct, HeldProduct]) -> Sequence[Finding]:
    """No keyword is blank or stands twice, and there are not more than a shopper can see."""
    words = context.change.keywords
    if isinstance(words, msgspec.UnsetType):
        return []
    clean = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    findings = []
    if clean != list(words):
        mended = {**msgspec.to_builtins(context.change), "keywords": clean}
        cure = Cure(code="keep_each_once", change=mended)
        findings.append(Finding(rule="product.clean_keywords", level=Level.WARN, place="keywords", cure=cure))
    else:
        findings.append(Finding(rule="product.clean_keywords", level=Level.PASS, place="keywords"))
    level = Level.WARN if len(clean) > MANY_KEYWORDS else Level.PASS
    findings.append(Finding(rule="product.few_keywords", level=level, place="keywords", params={"at_most": "50"}))
    return findings


def stays_for_sale(context: CheckContext[EditProduct, HeldProduct]) -> Sequence[Finding]:
    """Taking a product off the shelf is for a person to see."""
    state = context.change.state
    if isinstance(state, msgspec.UnsetType):
        return []
    leaves = state is not ProductState.ACTIVE and context.before.product.state is ProductState.ACTIVE
    return [Finding(rule="product.stays_for_sale", level=Level.WARN if leaves else Level.PASS, place="state")]


EDIT_PRODUCT: ProposalKind[EditProduct, HeldProduct] = ProposalKind(
    name="shop.edit_product",
    change=EditProduct,
    read=held_product,
    watched=_watched,
    apply=_apply,
    invert=_invert,
    card=_card,
    checks=(has_titles, has_clean_keywords, stays_for_sale),
)
