"""How a proposal of a plan is shown and edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.audience.types.plans import CHANNELS, OUTLETS, SHELVES, PlanTerms, RunPlan
from zhanggui.kernel.money import to_decimal
from zhanggui.trust import LISTED, DiffRow, EditField, FactRef, KindPage, Phrase, Shape, Value

from .checks import HeldPlan, mended

MOST_WORDS = 500


def _about(subject: str) -> FactRef:
    return FactRef(kind="tier", ref=subject)


def _title(change: RunPlan, _before: HeldPlan | None) -> Phrase:
    return Phrase("stop_plan" if change.terms is None else "run_plan")


def _rows(change: RunPlan, before: HeldPlan) -> Sequence[DiffRow]:
    was = _values(None if before.running is None else before.running.terms)
    now = _values(change.terms)
    rows = [DiffRow(label=Phrase(name), was=was.get(name), now=now.get(name)) for name in was | now]
    price = Value("everyone_pays_the_same", Shape.SAID)
    return [*rows, DiffRow(label=Phrase("plan_price"), was=price, now=price)]


def _values(terms: PlanTerms | None) -> dict[str, Value]:
    if terms is None:
        return {}
    money = terms.currency
    return {
        "plan_rule": Value(terms.rule, Shape.RULE),
        "plan_channel": Value(f"state_{terms.channel}", Shape.SAID),
        "plan_outlet": Value(f"state_{terms.outlet}", Shape.SAID),
        "plan_words": Value(terms.words),
        "plan_goods": Value(LISTED.join(terms.goods), Shape.NAMES),
        "plan_shelf": Value(f"state_{terms.shelf}", Shape.SAID),
        "plan_days": Value(str(terms.days)),
        "plan_within_days": Value(str(terms.within_days)),
        "plan_held_back": Value(str(terms.held_back), Shape.SHARE),
        "plan_rest_days": Value(str(terms.rest_days)),
        "plan_cost_each": Value(str(terms.cost_each_minor), Shape.MONEY, money),
        "plan_budget": Value(str(terms.budget_minor), Shape.MONEY, money),
    }


def _fields(change: RunPlan, _before: HeldPlan) -> Sequence[EditField]:
    terms = change.terms
    if terms is None:
        return []

    def choice(name: str, options: tuple[str, ...]) -> EditField:
        text = getattr(terms, name)
        return EditField(name=name, label=Phrase(f"plan_{name}"), shape=Shape.CHOICE, text=text, options=options)

    def money(name: str, label: str) -> EditField:
        text = str(to_decimal(getattr(terms, name), terms.currency))
        return EditField(name=name, label=Phrase(label), shape=Shape.MONEY, text=text, currency=terms.currency)

    words = EditField(
        name="words",
        label=Phrase("plan_words"),
        shape=Shape.LONG,
        text=terms.words,
        longest=MOST_WORDS,
        is_required=True,
    )
    goods = EditField(name="goods", label=Phrase("plan_goods"), shape=Shape.LINES, text="\n".join(terms.goods))
    return [
        words,
        goods,
        choice("channel", CHANNELS),
        choice("outlet", OUTLETS),
        choice("shelf", SHELVES),
        money("cost_each_minor", "plan_cost_each"),
        money("budget_minor", "plan_budget"),
    ]


def _edited(change: RunPlan, _before: HeldPlan, values: Mapping[str, object]) -> dict[str, object]:
    if change.terms is None:
        return msgspec.to_builtins(change)  # type: ignore[no-any-return]
    costs = {name: values[name] or 0 for name in ("cost_each_minor", "budget_minor")}
    chosen = {name: values[name] for name in ("words", "goods", "channel", "outlet", "shelf")}
    return mended(change, **chosen, **costs)


PAGE: KindPage[RunPlan, HeldPlan] = KindPage(
    icon="users", about=_about, title=_title, rows=_rows, fields=_fields, edited=_edited
)
