"""What the shop may know of one shopper: whole for those who run the shop, what serving needs for an agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.audience import Interest, NoProfile, Profile, ServiceView, Tag, UnknownShopper
from zhanggui.audience.words.profiles import LEVELS, TAGS, meaning
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.words import N_, named

from .shell import Console

SERVE = {"scope": "audience:serve"}
POSTED = {"scope": "audience:own", "has_form": True}
DONE: Mapping[str, str] = {
    "remove": N_("Removed. Recommendations follow at once."),
    "undo": N_("Taken back. Recommendations follow at once."),
}
ACTS: Mapping[str, str] = {
    "mute": N_("Muted"),
    "remove": N_("Removed"),
    "weigh": N_("Weighed"),
    "correct": N_("Corrected"),
    "pause": N_("Paused"),
    "budget": N_("Monthly budget"),
    "forget": N_("Forgotten"),
}
LATELY = 12
"""Customers to choose from where nobody was asked for."""
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


LIKED_AT_ONCE = 8
"""Interests that are shown at once; the others open."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A drawn distribution: what is said aloud of it, its bars as one path, and its figures."""

    title: str
    finding: str
    path: str
    most: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@get("/console/{shop:str}/profile", include_in_schema=False, sync_to_thread=True, opt=SERVE)
def profile(console: NamedDependency[Console]) -> Response[str]:
    """One shopper by id, or the question for one."""
    asked = console.view.query.get("customer", "").strip()
    told, problem = _profile_or_problem(console, asked) if asked else (None, "")
    page = console.page(
        "audience/profile.html",
        current="profile",
        asked=asked,
        problem=problem,
        lately=[] if told else _lately(console),
        told=told,
        is_whole=isinstance(told, Profile),
        tags=[_tag(console, tag) for tag in told.tags] if told else [],
        liked=_liked(console, told.interests) if isinstance(told, Profile) else [],
        liked_shown=LIKED_AT_ONCE,
        avoided=_interests(console, told.avoided) if isinstance(told, Profile) else [],
        charts=_charts(console, told) if isinstance(told, Profile) else [],
        said=[(one, ACTS[one.act], _subject(console, one.subject)) for one in told.corrections]
        if isinstance(told, Profile)
        else [],
        may_correct=console.may("audience:own"),
        may_see_customer=console.may("shop:people"),
        done=DONE.get(console.view.query.get("done", ""), ""),
    )
    page.headers["cache-control"] = "no-store"
    return page


@post("/console/{shop:str}/profile/remove", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def remove_trait(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Remove a tag or an interest for a shopper who asked for it."""
    customer = form.text("customer")
    console.rooms.audience.corrections.remove(form.text("key"), console.actor, customer)
    return console.go("/profile", customer=customer, done="remove")


@post("/console/{shop:str}/profile/undo", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def undo_correction(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Take a correction back."""
    customer = form.text("customer")
    console.rooms.audience.corrections.undo(form.text("correction"), console.actor, customer)
    return console.go("/profile", customer=customer, done="undo")


def _lately(console: Console) -> list[tuple[str, int, str]]:
    """Who bought last, as (id, orders, how long ago), for whoever may see customers."""
    if not console.may("shop:people"):
        return []
    ago, found = console.view.formats.ago, console.rooms.browsing.last_buyers(LATELY)
    return [(one.id, one.orders, ago(from_ms(one.last_ms))) for one in found]


def _profile_or_problem(console: Console, customer_id: str) -> tuple[Profile | ServiceView | None, str]:
    profiles, language = console.rooms.audience.profiles, console.view.language
    try:
        if console.may("audience:read"):
            return profiles.of(customer_id, language=language), ""
        return profiles.for_service(customer_id, language=language), ""
    except UnknownShopper:
        return None, N_("The shop knows no shopper of that id.")
    except NoProfile:
        return None, N_("They have turned personalization off, or pause it: there is no profile of them.")


def _tag(console: Console, tag: Tag) -> dict[str, Any]:
    evidence, formats = tag.evidence, console.view.formats
    return {
        "key": f"tag:{tag.code}",
        "name": tag.name,
        "why": meaning(tag.code, evidence.hits, evidence.total, tag.about, console.view.language),
        "strength": tag.strength,
        "since": formats.day(tag.since),
        "last": formats.ago(tag.last),
        "orders": evidence.orders,
        "products": _titled(console, evidence.products),
    }


def _titled(console: Console, ids: Sequence[str]) -> list[tuple[str, str]]:
    titles = console.rooms.product_browsing.titles(list(ids), console.view.language) if ids else {}
    return [(id_, titles.get(id_, id_)) for id_ in ids]


def _interests(console: Console, interests: Sequence[Interest]) -> list[dict[str, Any]]:
    """Interests with what each is called in the reader's language."""
    titles = dict(_titled(console, [one.products[0] for one in interests if one.level == "product"]))
    return [
        {
            "one": one,
            "value": titles[one.products[0]] if one.level == "product" else named(one.value, console.view.language),
            "last": console.view.formats.ago(one.last),
        }
        for one in interests
    ]


def _liked(console: Console, interests: Sequence[Interest]) -> list[tuple[str, dict[str, Any]]]:
    """(level, interest), those of a level together, levels in the order in which they are told."""
    rows = _interests(console, interests)
    order = {level: place for place, level in enumerate(dict.fromkeys(row["one"].level for row in rows))}
    return [(LEVELS[row["one"].level], row) for row in sorted(rows, key=lambda row: order[row["one"].level])]


def _subject(console: Console, key: str) -> str:
    kind, _, value = key.partition(":")
    if kind == "tag" and value in TAGS:
        return console.view._(TAGS[value])  # type: ignore[index]
    return _titled(console, [value])[0][1] if kind == "product" else value or key


def _charts(console: Console, told: Profile) -> list[Columns]:
    rhythm, _ = told.rhythm, console.view._
    if rhythm.peak_hour is None:
        return []
    span = {"from": rhythm.peak_hour, "until": (rhythm.peak_hour + 3) % 24}
    share = console.view.formats.percent(rhythm.peak_share)
    hours = _("Mostly between %(from)s and %(until)s: %(share)s of all acts") % {**span, "share": share}
    day = max(range(7), key=lambda n: rhythm.weekdays[n])
    days = _("Mostly on %(day)s: %(share)s of all acts") % {
        "day": _(WEEKDAYS[day]),
        "share": console.view.formats.percent(rhythm.weekdays[day]),
    }
    return [
        _drawn(console, _("By hour"), hours, rhythm.hours, [str(n) for n in range(24)], ("0", "6", "12", "18", "23")),
        _drawn(console, _("By weekday"), days, rhythm.weekdays, [_(one) for one in WEEKDAYS], None),
    ]


def _drawn(
    console: Console,
    title: str,
    finding: str,
    shares: Sequence[float],
    names: Sequence[str],
    labels: tuple[str, ...] | None,
) -> Columns:
    width, most = 100 / len(shares), max(shares) or 1.0
    bars = [
        f"M{n * width + 0.15 * width:.2f} 100V{100 - 100 * share / most:.1f}h{0.7 * width:.2f}V100z"
        for n, share in enumerate(shares)
    ]
    rows = tuple((name, console.view.formats.percent(share)) for name, share in zip(names, shares, strict=True))
    return Columns(title, finding, "".join(bars), console.view.formats.percent(most, 0), labels or tuple(names), rows)


PROFILE_ROUTES = (profile, remove_trait, undo_correction)
