"""Label a product (never a person)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import sqlalchemy as sa

from zhanggui.shop import Card, HeldLabels, ProductLabel, held_labels, replace_labels
from zhanggui.trust.types.kinds import CheckContext, KindPage, ProposalKind
from zhanggui.trust.types.proposals import ChangeJson, Cure, FactRef, Finding, Level
from zhanggui.trust.types.showing import LISTED, DiffRow, EditField, Phrase, Shape, Value

LabelText = Annotated[str, msgspec.Meta(max_length=512)]


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One label with what it rests on."""

    label: LabelText
    source: Annotated[str, msgspec.Meta(pattern=r"^(merchant|behaviour)$(?!\n)")] = "merchant"
    evidence: LabelText = ""


class LabelProduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All labels that the product shall have."""

    labels: Annotated[tuple[Label, ...], msgspec.Meta(max_length=500)]


def _apply(db: sa.Connection, subject: str, change: LabelProduct, now_ms: int) -> None:
    labels = [
        ProductLabel(product_id=subject, label=label.label, source=label.source, evidence=label.evidence)
        for label in change.labels
    ]
    replace_labels(db, subject, labels, now_ms)


def _invert(before: HeldLabels, _change: LabelProduct, _now_ms: int) -> LabelProduct:
    return LabelProduct(
        labels=tuple(Label(label=held.label, source=held.source, evidence=held.evidence) for held in before.labels)
    )


def _watched(held: HeldLabels, _change: LabelProduct) -> object:
    return held


def _card(subject: str, change: LabelProduct) -> Card:
    labels = ", ".join(label.label for label in change.labels)[:512]
    return Card(code="label_product", params={"product": subject, "labels": labels})


def has_words(context: CheckContext[LabelProduct, HeldLabels]) -> Sequence[Finding]:
    """No label is blank."""
    return [
        Finding(
            rule="label.has_words",
            level=Level.PASS if label.label.strip() else Level.BLOCK,
            place=f"labels[{place}].label",
            cure=None if label.label.strip() else Cure(code="drop_the_label"),
        )
        for place, label in enumerate(context.change.labels)
    ]


def stands_once(context: CheckContext[LabelProduct, HeldLabels]) -> Sequence[Finding]:
    """One label from one source stands once: the second would overwrite the first one's evidence."""
    first = {(label.label, label.source): label for label in reversed(context.change.labels)}
    if len(first) == len(context.change.labels):
        return [Finding(rule="label.stands_once", level=Level.PASS, place="labels")]
    kept = [msgspec.to_builtins(label) for label in reversed(first.values())]
    cure = Cure(code="keep_each_once", change={"labels": kept})
    return [Finding(rule="label.stands_once", level=Level.BLOCK, place="labels", cure=cure)]


def _about(subject: str) -> FactRef:
    return FactRef(kind="product", ref=subject)


def _title(change: LabelProduct, before: HeldLabels | None) -> Phrase:
    wanted = [label.label for label in change.labels]
    held = wanted if before is None else [label.label for label in before.labels]
    new, gone = [one for one in wanted if one not in held], [one for one in held if one not in wanted]
    if new and not gone:
        return Phrase("add_labels", {"labels": LISTED.join(new)})
    if gone and not new:
        return Phrase("drop_labels", {"labels": LISTED.join(gone)})
    return Phrase("set_labels", {"labels": LISTED.join(wanted)})


def _rows(change: LabelProduct, before: HeldLabels) -> Sequence[DiffRow]:
    was = LISTED.join(label.label for label in before.labels)
    now = LISTED.join(label.label for label in change.labels)
    said = [label for label in change.labels if label.evidence]
    rests = [DiffRow(label=Phrase("rests_on", {"label": label.label}), now=Value(label.evidence)) for label in said]
    held = {label.label: label.evidence for label in before.labels}
    stay = [
        msgspec.structs.replace(row, was=Value(held[label.label]) if held.get(label.label) else None)
        for row, label in zip(rests, said, strict=True)
    ]
    return [
        DiffRow(label=Phrase("labels"), was=_names(was), now=_names(now)),
        *stay,
    ]


def _names(listed: str) -> Value | None:
    return Value(listed, Shape.NAMES) if listed else None


def _fields(change: LabelProduct, _before: HeldLabels) -> Sequence[EditField]:
    text = "\n".join(label.label for label in change.labels)
    return [EditField(name="labels", label=Phrase("labels"), shape=Shape.LINES, text=text)]


def _edited(change: LabelProduct, _before: HeldLabels, values: Mapping[str, object]) -> ChangeJson:
    held = {label.label: label for label in change.labels}
    wanted = msgspec.convert(values["labels"], tuple[str, ...])
    return msgspec.to_builtins(LabelProduct(labels=tuple(held.get(text, Label(label=text)) for text in wanted)))  # type: ignore[no-any-return]


LABEL_PRODUCT: ProposalKind[LabelProduct, HeldLabels] = ProposalKind(
    name="shop.label_product",
    change=LabelProduct,
    read=held_labels,
    watched=_watched,
    apply=_apply,
    invert=_invert,
    card=_card,
    page=KindPage(icon="box", about=_about, title=_title, rows=_rows, fields=_fields, edited=_edited),
    checks=(has_words, stands_once),
)
