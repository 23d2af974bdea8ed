"""Rules and promotions of the recommendations: which stand, what a new one would do, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import TableRows
from zhanggui.kernel.errors import InvalidInput, ZhangguiError, quoted
from zhanggui.kernel.words import N_
from zhanggui.recommend.commands.rules import as_put
from zhanggui.recommend.types.rules import PutRule, RulePreview, TryRule
from zhanggui.trust.types.watch import AlertKind

from .import_sentences import whole_told
from .rule_list import BY, KINDS, MOVED, SURFACES, listed_rules, rule_columns, standing_of
from .shell import Console

DONE: Mapping[str, str] = {
    "created": N_("The rule stands; it acts from the next answer on."),
    "changed": N_("The rule was changed; it acts from the next answer on."),
    "removed": N_("The rule was taken away."),
    "undone": N_("The last change was taken back."),
}
EXAMPLES = (
    'brand = "Nike" and price_minor < 20000',
    'category under "茶" and not bought within 30d',
    'label has "新品" or age < 14d',
    "stock > 50 and not viewed within 12h",
)
SCOPE = {"scope": "recommend:admin"}
POSTED = {**SCOPE, "has_form": True}
PREVIEWED = 10


class BadRuleForm(InvalidInput):
    """What the form asked for is no rule that there can be."""

    code = "console.bad_rule_form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A rule that was tried: the rows of the list (before, after), and the titles of its examples."""

    preview: RulePreview
    rows: list[tuple[Any, Any]]
    examples: list[str]


@get("/console/{shop:str}/rules", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def rules(console: NamedDependency[Console]) -> Response[str]:
    """The rules that stand, and the form for one more, or for the one to be changed."""
    edited = console.view.query.get("rule", "")
    held = console.rooms.rule_trials.rules
    return _page(console, wanted=as_put(held.get(edited)) if edited else None, rule_id=edited)


@get("/console/{shop:str}/rules.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def rules_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    head = ("id", "name", "kind", "value", "target", "surface", "by", "starts_at", "ends_at", "is_on")
    rows = ([getattr(one, name) for name in head] for one in listed_rules(console)[1])
    return csv_answer("rules", head, rows)


@post("/console/{shop:str}/rules", include_in_schema=False, sync_to_thread=True, opt=POSTED, status_code=200)
def put_rule(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str] | Redirect:
    """Try a rule, or let it stand."""
    wanted, rule_id = None, form.text("rule_id")
    trials = console.rooms.rule_trials
    try:
        wanted = _wanted(console, form)
        if form.text("act") == "try":
            tried = _tried(console, wanted, rule_id, form)
            return _page(console, wanted=wanted, rule_id=rule_id, tried=tried, form=form)
        if rule_id:
            trials.rules.change(rule_id, wanted, console.actor)
        else:
            rule_id = trials.rules.create(wanted, console.actor).id
    except ZhangguiError as error:
        return _page(
            console,
            wanted=wanted,
            rule_id=rule_id,
            problem=whole_told(error, console.view.language, console.view._),
            form=form,
        )
    return console.go("/rules", done="changed" if form.text("rule_id") else "created", last=rule_id)


@post("/console/{shop:str}/rules/{rule_id:str}/switch", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def switch_rule(console: NamedDependency[Console], form: NamedDependency[Any], rule_id: FromPath[str]) -> Redirect:
    """Let a rule act, or not."""
    held = console.rooms.rule_trials.rules
    wanted = msgspec.structs.replace(as_put(held.get(rule_id)), is_on=form.is_checked("on"))
    held.change(rule_id, wanted, console.actor)
    return console.go("/rules", done="changed", last=rule_id)


@post("/console/{shop:str}/rules/{rule_id:str}/remove", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def remove_rule(console: NamedDependency[Console], form: NamedDependency[Any], rule_id: FromPath[str]) -> Redirect:
    """Take a rule away."""
    del form  # its token has been verified
    console.rooms.rule_trials.rules.remove(rule_id, console.actor)
    return console.go("/rules", done="removed", last=rule_id)


@post("/console/{shop:str}/rules/{rule_id:str}/undo", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def undo_rule(console: NamedDependency[Console], form: NamedDependency[Any], rule_id: FromPath[str]) -> Redirect:
    """Take the last act about a rule back."""
    del form  # its token has been verified
    console.rooms.rule_trials.rules.undo(rule_id, console.actor)
    return console.go("/rules", done="undone")


def _page(
    console: Console,
    *,
    wanted: PutRule | None = None,
    rule_id: str = "",
    tried: Tried | None = None,
    problem: str = "",
    form: Form | None = None,
) -> Response[str]:
    query, (ask, held) = console.view.query, listed_rules(console)
    done = query.get("done", "")
    return console.page(
        "recommend/rules.html",
        status=422 if problem else 200,
        current="rules",
        columns=rule_columns(console),
        page=TableRows.of(held, ask),
        export=f"{console.base}/rules.csv{ask.query}",
        standing=standing_of(console),
        kinds=KINDS,
        moved=MOVED,
        by=BY,
        surfaces=SURFACES,
        examples=EXAMPLES,
        field=_fields(console, wanted, form),
        rule_id=rule_id,
        tried=tried,
        problem=problem,
        done=DONE.get(done, ""),
        last=query.get("last", "") if done in {"created", "changed", "removed"} else "",
    )


def _fields(console: Console, wanted: PutRule | None, form: Form | None) -> Callable[[str], str]:
    """What stands in a field of the form: as it was sent, else of the rule, else empty."""
    local = console.view.formats.local

    def field(name: str) -> str:
        if form is not None:
            return form.text(name)
        value = None if wanted is None else getattr(wanted, name, None)
        if isinstance(value, datetime):
            return local(value).strftime("%Y-%m-%dT%H:%M")
        return f"{value:g}" if isinstance(value, float) else str(value or "")

    return field


def _wanted(console: Console, form: Form) -> PutRule:
    """The rule that the form asks for.

    Raises:
        BadRuleForm: a field does not fit.
    """
    names = ("kind", "name", "target", "surface", "by")
    asked: dict[str, object] = {name: form.text(name) for name in names}
    asked |= {name: _moment(console, form.text(name)) for name in ("starts_at", "ends_at")}
    asked |= {"value": _number(form.text("value")), "is_on": form.text("is_on", "1") != "0"}
    try:
        return msgspec.convert(asked, PutRule)
    except msgspec.ValidationError as error:
        raise BadRuleForm(f"This is no rule that there can be: {error}.", hint="Mend the field.") from error


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ".") or 0)
    except ValueError:
        raise BadRuleForm(f"{quoted(text)} is no number.", hint="Write a number such as 0.3.") from None


def _moment(console: Console, text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=console.view.formats.zone) if text else None
    except ValueError:
        raise BadRuleForm(
            f"{quoted(text)} is no moment.", hint="Write a day and a time such as 2026-11-22T18:30."
        ) from None


def _tried(console: Console, wanted: PutRule, rule_id: str, form: Form) -> Tried:
    customer, visitor = form.text("customer_id"), form.text("visitor_id")
    if customer or visitor:  # what a shopper is shown is a reading, as it is over HTTP
        console.rooms.watch.count(AlertKind.READING, console.caller.actor)
    ask = TryRule(
        rule=wanted,
        rule_id=rule_id or None,
        customer_id=customer or None,
        visitor_id=visitor or None,
        k=PREVIEWED,
        surface=wanted.surface or "home",
        language=console.view.language,
    )
    seen = console.rooms.rule_trials.preview(ask)
    longest = max(len(seen.before), len(seen.after))
    before = [*seen.before, *[None] * (longest - len(seen.before))]
    after = [*seen.after, *[None] * (longest - len(seen.after))]
    titles = console.rooms.product_browsing.titles(seen.examples, console.view.language)
    return Tried(
        preview=seen, rows=list(zip(before, after, strict=True)), examples=[titles[one] for one in seen.examples]
    )


RULE_ROUTES = (rules, rules_csv, put_rule, switch_rule, remove_rule, undo_rule)
