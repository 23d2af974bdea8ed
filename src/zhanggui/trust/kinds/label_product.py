"""Label a product (never a person)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
import sqlalchemy as sa

from zhanggui.shop import Card, HeldLabels, ProductLabel, held_labels, replace_labels
from zhanggui.trust.types.kinds import CheckContext, ProposalKind
from zhanggui.trust.types.proposals import Cure, Finding, Level

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


LABEL_PRODUCT: ProposalKind[LabelProduct, HeldLabels] = ProposalKind(
    name="shop.label_product",
    change=LabelProduct,
    read=held_labels,
    watched=_watched,
    apply=_apply,
    invert=_invert,
    card=_card,
    checks=(has_words, stands_once),
)
