"""What the finder knows beside the shop's own rows: pages, settings, segments, rules, models, jobs, entries, users."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from zhanggui.kernel.words import N_
from zhanggui.recommend.words.labels import NAMES
from zhanggui.trust.errors import UnknownEntry

from .job_words import KINDS as JOBS
from .job_words import kind_name
from .ledger_words import ROLE_WORDS, Teller
from .rule_list import KINDS as RULES
from .settings import settings_that_hold
from .shell import SECTIONS, Console

Named = tuple[str, str, str]
"""Where it is below the shop's address, what it is called, and what is said beside."""
FEWEST_LETTERS = 2
"""Fewer say nothing: half of all names would be found."""
PAGES: tuple[Named, ...] = (
    ("/users", N_("Users"), "users:read"),
    ("/keys", N_("API keys"), "keys:read"),
    ("/plans", N_("Plans"), "audience:measure"),
    ("/segments/learned", N_("Learned segments"), "audience:measure"),
    ("/erasures", N_("Erasures"), "persons:read"),
    ("/inbox/levels", N_("How far it may go alone"), "trust:read"),
)
"""Pages that the navigation does not list: path, name, scope."""


def named_finds(console: Console, words: str, most: int) -> Iterator[tuple[str, str, list[Named]]]:
    """Groups of what is called so: title, icon, finds. Of each kind only what the asker may see on its own page."""
    say = console.view._
    kinds: tuple[tuple[str, str, str, Callable[[Console], Iterable[Named]]], ...] = (
        ("", say(N_("Pages of the console")), "home", _pages),
        ("audience:measure", say(N_("Segments")), "circles", _segments),
        ("recommend:admin", say(N_("Rules and promotions")), "horn", _rules),
        ("recommend:admin", say(N_("Earned labels")), "star", _labels),
        ("recommend:measure", say(N_("Models")), "flask", _models),
        ("shop:read", say(N_("Background work")), "clock", _jobs),
        ("shop:write", say(N_("Import")), "import", _imports),
        ("users:read", say(N_("Users")), "user", _users),
        ("keys:read", say(N_("Settings")), "gear", _settings),
    )
    for scope, title, icon, names in kinds if len(words) >= FEWEST_LETTERS else ():
        if not scope or console.may(scope):
            fitting = (one for one in names(console) if _is_called(one, words))
            if found := list(islice(fitting, most)):
                yield title, icon, found
    if console.may("ledger:read") and (entry := _entry(console, words)):
        yield say(N_("Ledger")), "book", [entry]


def _is_called(one: Named, words: str) -> bool:
    """Whether a word of its name, or of what is said beside, begins so; Chinese has no gaps between words."""
    text, wanted = f"{one[1]}\n{one[2]}".casefold(), words.casefold()
    return wanted in text if not wanted.isascii() else bool(re.search(rf"(?<![a-z0-9]){re.escape(wanted)}", text))


def _pages(console: Console) -> Iterator[Named]:
    listed = ((place.path, place.label, place.scope) for _, section in SECTIONS for place in section)
    for path, label, scope in (*listed, *PAGES):
        if console.may(scope):
            yield path, console.view._(label), ""
    yield "/account", console.view._(N_("My account")), ""


def _segments(console: Console) -> Iterator[Named]:
    return ((f"/segments/{one.id}", one.name, one.rule) for one in console.rooms.audience.segments.all())


def _rules(console: Console) -> Iterator[Named]:
    for rule in console.rooms.rule_trials.rules.all():
        does = console.view._(RULES[rule.kind.value][0])
        yield f"/rules?rule={rule.id}#form", rule.name or does, rule.target


def _labels(console: Console) -> Iterator[Named]:
    names: Mapping[str, str] = dict(NAMES.items())
    return ((f"/labels?label={code}", console.view._(name), "") for code, name in names.items())


def _models(console: Console) -> Iterator[Named]:
    return ((f"/models/{card.id}", card.id, "") for card in console.rooms.recommend.model_cards())


def _jobs(console: Console) -> Iterator[Named]:
    return ((f"/jobs?q={kind}", kind_name(kind, console.view._), kind) for kind in JOBS)


def _imports(console: Console) -> Iterator[Named]:
    return ((f"/import/{one.id}", ", ".join(one.files), "") for one in console.rooms.drafts.history())


def _users(console: Console) -> Iterator[Named]:
    role_of = console.acts.role_of
    return (
        (f"/users?q={one.account}", one.account, console.view._(ROLE_WORDS[role_of(one)]))
        for one in console.acts.staff()
    )


def _settings(console: Console) -> Iterator[Named]:
    return (
        (f"/settings?q={one.setting.path}", console.view._(one.setting.help), one.setting.path)
        for one in settings_that_hold(console)
    )


def _entry(console: Console, words: str) -> Named | None:
    """The entry of the ledger with this number: `12` or `#12`."""
    number = words.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    try:
        told = Teller(console).tell(console.rooms.ledger.entry(int(number)).entry)
    except UnknownEntry:
        return None
    return f"/ledger/{int(number)}", f"#{int(number)} {told.title}", told.about
