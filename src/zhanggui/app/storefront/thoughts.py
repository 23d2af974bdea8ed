"""What this shop thinks of a shopper, and why: to correct, mute, remove, take back, pause, forget, or turn off.

Law: PIPL art. 24 (explanation, and a way to refuse), art. 44 to 47 (to know, see, correct, erase); not read here. Plain
forms; each acts at once, and the very next list follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.audience import AudienceError, Corrected, Interest, NoProfile, Profile, Tag, UnknownShopper
from zhanggui.audience.words.conclusions import MUTES
from zhanggui.audience.words.profiles import LEVELS, TAGS, meaning
from zhanggui.kernel.words import N_, named, words

from .budget import said_of
from .concluded import concluded_of, titled
from .shell import Storefront

DONE: Mapping[str, str] = {
    "said": N_("Done. What is picked for you follows at once."),
    "undone": N_("Taken back. What is picked for you follows at once."),
    "not": N_("That could not be done: fill in the field, and try again."),
}
SAID: Mapping[str, str] = {
    "mute": N_("Not used"),
    "remove": N_("Removed"),
    "weigh": N_("Weighed otherwise"),
    "correct": N_("Language"),
    "pause": N_("Paused"),
    "forget": N_("Forgotten"),
    "budget": N_("Monthly budget"),
}
WEIGHED: Mapping[str, str] = {"more": N_("more"), "less": N_("less")}
PAUSES = (7, 30, 90)
MOST_DAYS = 365
SHOWN = 6
"""Interests of a level that are shown at once; the others open."""
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)


@get("/shop/{shop:str}/me/profile", include_in_schema=False, sync_to_thread=True)
def thoughts(store: NamedDependency[Storefront]) -> Response[str]:
    """What the shop thinks of whoever asks; of nobody else, even in a browser that was theirs."""
    if not store.shopper.is_themselves(store.rooms):
        return _private(store.page("thoughts.html", current="me", is_stranger=True))
    profile, why_not = _profile(store)
    said = said_of(store)
    held = {one.subject: one for one in said if one.act in {"mute", "remove", "weigh"}}
    return _private(
        store.page(
            "thoughts.html",
            current="me",
            is_stranger=False,
            profile=profile,
            why_not=why_not,
            rhythm=_rhythm(store, profile),
            tags=[_tag(store, tag, held) for tag in profile.tags] if profile else [],
            levels=_levels(store, profile.interests, held) if profile else [],
            avoided=_told_once(store, profile.avoided, held) if profile else [],
            concluded=concluded_of(store) if profile else [],
            said=[(one, SAID[one.act], _about(store, one)) for one in said],
            budget=store.budget,
            pauses=PAUSES,
            shown=SHOWN,
            done=DONE.get(store.view.query.get("done", ""), ""),
            opened=store.view.query.get("at", ""),
        )
    )


@post("/shop/{shop:str}/me/profile", include_in_schema=False, sync_to_thread=True)
def say(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Redirect:
    """One act on one's own profile; `act` is the button that was pressed."""
    act = form.text("act")
    if act not in ACTS or not store.shopper.is_themselves(store.rooms):
        return store.go("/me/profile", done="not")
    store.shopper.own_number(store.rooms)  # who had none gets one, so that what they say can be written down
    try:
        ACTS[act](store, form)
    except (AudienceError, ValueError):
        return store.go("/me/profile", done="not")
    place = form.text("at")[:32]
    opened = {"at": place} if place else {}
    return store.go("/me/profile", place=place, done="undone" if act == "undo" else "said", **opened)


def _say(store: Storefront, act: Callable[..., object], *values: object, **named_values: object) -> None:
    act(*values, store.shopper.actor, **store.shopper.named, **named_values)


def _pause(store: Storefront, form: Any) -> None:
    days = int(form.text("days"))
    if not 0 < days <= MOST_DAYS:
        raise ValueError(f"a pause of {days} days; between 1 and {MOST_DAYS}")
    _say(store, store.rooms.audience.corrections.pause, store.rooms.clock() + timedelta(days=days))


def _budget(store: Storefront, form: Any) -> None:
    amount = form.text("amount")
    if not _AMOUNT.fullmatch(amount):
        raise ValueError(f"{amount!r} is no amount")
    _say(store, store.rooms.audience.corrections.set_budget, round(float(amount) * 100))


def _forget(store: Storefront, form: Any) -> None:
    if not form.is_checked("sure"):
        raise ValueError("the box is not ticked")
    _say(store, store.rooms.audience.corrections.forget)


ACTS: Mapping[str, Callable[[Storefront, Any], None]] = {
    "mute": lambda store, form: _say(store, store.rooms.audience.corrections.mute, form.text("key")),
    "remove": lambda store, form: _say(store, store.rooms.audience.corrections.remove, form.text("key")),
    "more": lambda store, form: _say(store, store.rooms.audience.corrections.weigh, form.text("key"), "more"),
    "less": lambda store, form: _say(store, store.rooms.audience.corrections.weigh, form.text("key"), "less"),
    "undo": lambda store, form: _say(store, store.rooms.audience.corrections.undo, form.text("correction")),
    "language": lambda store, _: _say(store, store.rooms.audience.corrections.set_language, store.language),
    "off": lambda store, _: _say(store, store.rooms.audience.corrections.turn, on=False),
    "on": lambda store, _: _say(store, store.rooms.audience.corrections.turn, on=True),
    "pause": _pause,
    "budget": _budget,
    "forget": _forget,
}


def _private(page: Response[str]) -> Response[str]:
    page.headers["cache-control"] = "no-store"
    return page


def _profile(store: Storefront) -> tuple[Profile | None, str]:
    try:
        told = store.rooms.audience.profiles.of(**store.shopper.named, language=store.language, is_own=True)
    except UnknownShopper:
        return None, "unknown"
    except NoProfile:
        return None, "paused" if _is_paused(store) else "off"
    return told, ""


def _is_paused(store: Storefront) -> bool:
    now = store.rooms.clock()
    return any(one.act == "pause" and one.until is not None and one.until > now for one in said_of(store))


def _rhythm(store: Storefront, profile: Profile | None) -> str:
    if profile is None or profile.rhythm.peak_hour is None:
        return ""
    hour = profile.rhythm.peak_hour
    said = store.view._(N_("Mostly between %(from)s and %(until)s o'clock: %(share)s of what you do here"))
    share = store.view.formats.percent(profile.rhythm.peak_share, 0)
    return said % {"from": hour, "until": (hour + 3) % 24, "share": share}


def _tag(store: Storefront, tag: Tag, held: Mapping[str, Corrected]) -> dict[str, Any]:
    evidence = tag.evidence
    return {
        "key": f"tag:{tag.code}",
        "name": tag.name,
        "why": meaning(tag.code, evidence.hits, evidence.total, tag.about, store.language),
        "last": store.view.formats.day(tag.last),
        "orders": evidence.orders,
        "products": titled(store, evidence.products),
        "held": held.get(f"tag:{tag.code}"),
        "is_tag": True,
    }


def _interest(store: Storefront, one: Interest, held: Mapping[str, Corrected]) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.value if one.level == "product" else named(one.value, store.language),
        "why": _acts(store, one),
        "last": store.view.formats.day(one.last),
        "orders": one.orders,
        "products": [] if one.level == "product" else titled(store, one.products),
        "held": held.get(one.key),
        "is_tag": False,
    }


def _acts(store: Storefront, one: Interest) -> str:
    say = words(store.language).ngettext
    parts = (
        (one.purchases, say("bought %(n)s time", "bought %(n)s times", one.purchases)),
        (one.carts, say("put in the cart %(n)s time", "put in the cart %(n)s times", one.carts)),
        (one.views, say("looked at %(n)s time", "looked at %(n)s times", one.views)),
    )
    return store.view._(N_(", ")).join(told % {"n": n} for n, told in parts if n)


def _levels(
    store: Storefront, interests: Sequence[Interest], held: Mapping[str, Corrected]
) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[Interest]] = {}
    for one in interests:
        found.setdefault(LEVELS[one.level], []).append(one)
    return [(level, _told_once(store, ones, held)) for level, ones in found.items()]


def _told_once(store: Storefront, ones: Sequence[Interest], held: Mapping[str, Corrected]) -> list[dict[str, Any]]:
    """Interests of one list; of traits that read the same (a category and its keyword), the first, which is strongest.

    Products may be called the same and are still two.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in ones:
        told = _interest(store, one, held)
        found.setdefault((told["name"], one.key if one.level == "product" else ""), told)
    return list(found.values())


def _about(store: Storefront, one: Corrected) -> str:
    """What a correction is about, in words."""
    formats, say = store.view.formats, store.view._
    if one.act == "pause" and one.until is not None:
        return say(N_("until %(day)s")) % {"day": formats.day(one.until)}
    if one.act == "budget":
        return formats.money(int(one.value))
    if one.act == "correct":
        return one.value
    kind, _, value = one.subject.partition(":")
    if kind in MUTES:
        return say(MUTES[kind])
    name = say(TAGS[value]) if kind == "tag" and value in TAGS else named(value, store.language)  # type: ignore[index]
    titles = titled(store, [value]) if kind == "product" else []
    weighed = f" ({say(WEIGHED[one.value])})" if one.value in WEIGHED else ""
    return (titles[0][1] if titles else name) + weighed


THOUGHT_ROUTES = (thoughts, say)
