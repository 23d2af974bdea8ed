"""Edit what a product says, its keywords, or whether it is for sale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.notations import Language
from zhanggui.shop import Card, HeldProduct, ProductState, ProductText, change_product, held_product
from zhanggui.trust.types.kinds import CheckContext, KindPage, ProposalKind
from zhanggui.trust.types.proposals import ChangeJson, Cure, FactRef, Finding, Level
from zhanggui.trust.types.showing import LISTED, DiffRow, EditField, Phrase, Shape, Value

Keyword = Annotated[str, msgspec.Meta(max_length=512)]
MANY_KEYWORDS = 50
LONGEST_TEXT = 20_000


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


def _about(subject: str) -> FactRef:
    return FactRef(kind="product", ref=subject)


def _title(change: EditProduct, _before: HeldProduct | None) -> Phrase:
    given = list(_given(change))
    if given == ["state"] and not isinstance(change.state, msgspec.UnsetType):
        return Phrase(f"state_{change.state.value}")
    return Phrase({"texts": "edit_texts", "keywords": "edit_keywords"}.get(",".join(given), "edit_product"))


def _rows(change: EditProduct, before: HeldProduct) -> Sequence[DiffRow]:
    rows: list[DiffRow] = []
    if not isinstance(change.texts, msgspec.UnsetType):
        rows += _text_rows(before.product.texts, change.texts)
    if not isinstance(change.keywords, msgspec.UnsetType):
        was, now = LISTED.join(before.product.keywords), LISTED.join(change.keywords)
        rows.append(DiffRow(label=Phrase("keywords"), was=_value(was), now=_value(now)))
    if not isinstance(change.state, msgspec.UnsetType):
        states = [Value(f"state_{state.value}", Shape.SAID) for state in (before.product.state, change.state)]
        rows.append(DiffRow(label=Phrase("state"), was=states[0], now=states[1]))
    return rows


def _text_rows(was: Mapping[str, ProductText], now: Mapping[str, ProductText]) -> Iterator[DiffRow]:
    empty = ProductText(title="")
    for language in dict.fromkeys([*now, *was]):
        old, new = was.get(language, empty), now.get(language, empty)
        for name in ("title", "description"):
            label = Phrase(name, {"language": language})
            yield DiffRow(label=label, was=_value(getattr(old, name)), now=_value(getattr(new, name)), is_quiet=True)
        for name in dict.fromkeys([*old.attributes, *new.attributes]):
            label = Phrase("attribute", {"language": language, "name": name})
            was_value, now_value = old.attributes.get(name, ""), new.attributes.get(name, "")
            yield DiffRow(label=label, was=_value(was_value), now=_value(now_value), is_quiet=True)


def _value(text: str) -> Value | None:
    return Value(text) if text else None


def _fields(change: EditProduct, _before: HeldProduct) -> Sequence[EditField]:
    fields: list[EditField] = []
    if not isinstance(change.texts, msgspec.UnsetType):
        fields += [field for language, text in change.texts.items() for field in _text_fields(language, text)]
    if not isinstance(change.keywords, msgspec.UnsetType):
        keywords = "\n".join(change.keywords)
        fields.append(EditField(name="keywords", label=Phrase("keywords"), shape=Shape.LINES, text=keywords))
    if not isinstance(change.state, msgspec.UnsetType):
        states = tuple(state.value for state in ProductState)
        fields.append(
            EditField(name="state", label=Phrase("state"), shape=Shape.CHOICE, text=change.state.value, options=states)
        )
    return fields


def _text_fields(language: str, text: ProductText) -> Sequence[EditField]:
    pairs = "\n".join(f"{name}: {value}" for name, value in text.attributes.items())

    def field(name: str, shape: Shape, filled: str, longest: int = 512) -> EditField:
        label = Phrase(name, {"language": language})
        is_required = name == "title"
        return EditField(
            name=f"texts.{language}.{name}",
            label=label,
            shape=shape,
            text=filled,
            longest=longest,
            is_required=is_required,
        )

    return [
        field("title", Shape.TEXT, text.title),
        field("description", Shape.LONG, text.description, LONGEST_TEXT),
        field("attributes", Shape.PAIRS, pairs),
    ]


def _edited(change: EditProduct, _before: HeldProduct, values: Mapping[str, object]) -> ChangeJson:
    edited = {name: values[name] for name in ("keywords", "state") if name in values}
    if not isinstance(change.texts, msgspec.UnsetType):
        edited["texts"] = {
            language: {name: values[f"texts.{language}.{name}"] for name in ("title", "description", "attributes")}
            for language in change.texts
        }
    return edited


EDIT_PRODUCT: ProposalKind[EditProduct, HeldProduct] = ProposalKind(
    name="shop.edit_product",
    change=EditProduct,
    read=held_product,
    watched=_watched,
    apply=_apply,
    invert=_invert,
    card=_card,
    page=KindPage(icon="pen", about=_about, title=_title, rows=_rows, fields=_fields, edited=_edited),
    checks=(has_titles, has_clean_keywords, stays_for_sale),
)
