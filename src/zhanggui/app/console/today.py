"""How the shop does today: figures and why, what to decide, what was done, and how old the data is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.app.briefs.wording import effect_in_words, health_in_words
from zhanggui.app.storefront.shoppers import is_simulated
from zhanggui.app.web.charts import band, line, ticks
from zhanggui.app.web.phrases import Phrases
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.jobs import JobState, counts
from zhanggui.kernel.money import exponent
from zhanggui.kernel.words import N_
from zhanggui.shop.engines.coarse_figures import coarse
from zhanggui.shop.types.figures import Overview, Slice, TodaysVisits
from zhanggui.trust import LedgerAsk, Proposal, ProposalState

from .figure_words import FigureWords
from .inbox_list import InboxList
from .ledger_words import LedgerSentence, Teller
from .shell import Console

RANGES: dict[str, Literal[1, 7, 28]] = {"1": 1, "7": 7, "28": 28}
LABELS = {1: N_("1 day"), 7: N_("7 days"), 28: N_("28 days")}
LATEST = 4
ENTRIES = 6
STALE = timedelta(hours=36)
CLOSED = frozenset(ProposalState) - {ProposalState.PROPOSED, ProposalState.APPROVED}


@get("/console/{shop:str}", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:measure"})
def today(console: NamedDependency[Console]) -> Response[str]:
    """Today's page: `?range=7` or `28` for more days."""
    chosen = RANGES.get(console.view.query.get("range", ""), 1)
    overview = console.rooms.figures.overview(chosen, console.view.language)
    is_coarse = not console.may("shop:people")
    overview = coarse(overview) if is_coarse else overview
    told = FigureWords(console.view, overview)
    return console.page(
        "shop/today.html",
        current="today",
        overview=overview,
        came=_came(console, is_coarse=is_coarse),
        ranges=[(str(days), console.view._(label), days == chosen) for days, label in LABELS.items()],
        figures=told.all(),
        then=told.then(),
        share=told.share,
        chart=_chart(console, told),
        slices=_with_widths(overview.categories),
        channels=_with_widths(overview.channels),
        decisions=_decisions(console) if console.may("trust:read") else None,
        latest=_latest(console) if console.may("trust:read") else None,
        done=_done(console) if console.may("ledger:read") else None,
        state=_state(console),
        is_simulated=is_simulated(console.rooms),
        is_coarse=is_coarse,
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart: paths of the server's own drawing, labels, and the same figures for the script and for a table."""

    finding: str
    now: str
    before: str
    coming: str
    band: str
    here: float | None
    here_label: str
    y_labels: tuple[str, ...]
    x_labels: tuple[str, ...]
    data: str
    rows: tuple[tuple[str, ...], ...]
    outlook: str


def _chart(console: Console, told: FigureWords) -> Drawn:
    shown, f = told.overview, console.view.formats
    curve, unit = shown.curve, 10 ** exponent(shown.currency)
    xs = _places(curve.moments)
    scale = ticks(max((*curve.now, *curve.before, *curve.high, 0)) / unit)
    top = scale[-1] * unit
    coming = xs[len(curve.now) - 1 :] if curve.middle else []
    is_day = shown.range_days == 1
    named = [f.clock(at) if is_day else f.day(at) for at in curve.moments]
    if is_day:
        named[-1] = "24:00" if named[-1] == "00:00" else named[-1]
    series = {"now": curve.now, "before": curve.before, "low": curve.low, "middle": curve.middle, "high": curve.high}
    data = {
        "xs": xs,
        "top": top / unit,
        "ticks": scale,
        "labels": named,
        "names": {"now": console.view._(LABELS[shown.range_days]), "before": told.then()},
        "shown": {
            name: [f.money(value, shown.currency, is_whole=True) for value in values] for name, values in series.items()
        },
        "values": {name: [value / unit for value in values] for name, values in series.items()},
    }
    return Drawn(
        finding=_finding(console, told),
        now=line(xs[: len(curve.now)], curve.now, top),
        before=line(xs, curve.before, top),
        coming=line(coming, curve.middle, top),
        band=band(coming, curve.low, curve.high, top),
        here=xs[len(curve.now) - 1] if shown.is_today and is_day else None,
        here_label=f.clock(shown.until),
        y_labels=tuple(f.compact(tick) if tick else "0" for tick in reversed(scale)),
        x_labels=tuple(_day_labels(console)) if is_day else tuple(_ends(named)),
        data=msgspec.json.encode(data).decode(),
        rows=tuple(_rows(console, shown, named)),
        outlook=_outlook(console, shown),
    )


def _places(moments: Sequence[datetime]) -> list[float]:
    """Each moment in percent of the way from the first to the last."""
    whole = (moments[-1] - moments[0]).total_seconds()
    return [round(100 * (at - moments[0]).total_seconds() / whole, 2) for at in moments]


def _day_labels(console: Console) -> list[str]:
    hour = console.view._(N_("%(hour)s:00"))
    return [hour % {"hour": at} for at in (0, 6, 12, 18, 24)]


def _ends(named: Sequence[str]) -> list[str]:
    middle = len(named) // 2
    return [named[0], named[middle], named[-1]]


def _finding(console: Console, told: FigureWords) -> str:
    shown, f = told.overview, console.view.formats
    values = {
        "now": f.money(round(shown.sales.now or 0), shown.currency),
        "before": f.money(round(shown.sales.before or 0), shown.currency),
        "then": told.then(),
        "day": f.day(shown.day),
    }
    if shown.range_days == 1:
        said = console.view._(N_("Sales of %(day)s, cumulated: %(now)s; %(then)s: %(before)s.")) % values
    else:
        said = console.view._(N_("Sales by day, until %(day)s: %(now)s; %(then)s: %(before)s.")) % values
    return f"{said} {_outlook(console, shown)}".strip()


def _outlook(console: Console, shown: Overview) -> str:
    curve, f = shown.curve, console.view.formats
    if not curve.middle:
        return ""
    told = console.view._(N_("The whole day may come to %(middle)s; 80%% between %(low)s and %(high)s."))
    ends = {"low": curve.low[-1], "middle": curve.middle[-1], "high": curve.high[-1]}
    return told % {name: f.money(value, shown.currency, is_whole=True) for name, value in ends.items()}


def _rows(console: Console, shown: Overview, named: Sequence[str]) -> list[tuple[str, ...]]:
    money, curve = console.view.formats.money, shown.curve
    known = [money(value, shown.currency) for value in curve.now]
    known += ["—"] * (len(named) - len(known))
    before = [money(value, shown.currency) for value in curve.before]
    return list(zip(named, known, before, strict=True))


def _with_widths(slices: Sequence[Slice]) -> list[tuple[Slice, float]]:
    most = max((one.now for one in slices), default=0)
    return [(one, max(100 * one.now / most, 0) if most > 0 else 0) for one in slices]


def _decisions(console: Console) -> dict[str, Any]:
    """The morning brief as it stands now."""
    brief, proposals = console.rooms.brief.with_proposals()
    return {
        "brief": brief,
        "lines": [_line(console, proposal) for proposal in proposals],
        "more": brief.waiting - len(proposals),
        "health": health_in_words(brief.model, console.view),
    }


def _latest(console: Console) -> list[dict[str, str]]:
    """What was decided or happened to proposals last."""
    return [_line(console, proposal) for proposal in console.rooms.inbox.listed(CLOSED)[:LATEST]]


def _line(console: Console, proposal: Proposal) -> dict[str, str]:
    f, phrases = console.view.formats, Phrases(console.view)
    listed = InboxList(console, phrases)
    effect, end = proposal.effect, proposal.expires_at
    tone, found = listed.found(proposal)
    gain = f.money(effect.amount_minor, effect.currency, is_signed=True, is_whole=True)
    return {
        "href": f"{console.base}/inbox/{proposal.id}",
        "title": listed.title(console.rooms.inbox.titled([proposal])[0]),
        "gain": "" if effect.amount_minor is None else gain,
        "effect": effect_in_words(effect, console.view),
        "tone": tone,
        "found": found,
        "end": phrases.say("inbox", "no_hurry") if end is None else phrases.say("inbox", "until", at=f.time(end)),
        "at": f.time(proposal.updated_at),
    }


def _done(console: Console) -> list[tuple[datetime, LedgerSentence]]:
    """What the ledger has of today, the newest first; of no day before."""
    f = console.view.formats
    midnight = f.local(f.now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = console.rooms.ledger.find(LedgerAsk(from_ms=to_ms(midnight)), limit=ENTRIES)
    teller = Teller(console)
    return [(from_ms(entry.at_ms), teller.tell(entry)) for entry in found.items]


def _came(console: Console, *, is_coarse: bool) -> TodaysVisits:
    """Today's visits; for who sees no people only that somebody came."""
    came = console.rooms.figures.came_today()
    return msgspec.structs.replace(came, visitors=0) if is_coarse else came


def _state(console: Console) -> dict[str, Any]:
    """How old the data is, and whether background work fails."""
    rooms, f = console.rooms, console.view.formats
    age = rooms.figures.data_age()
    newest = max((at for at in (age.order_at, age.event_at) if at is not None), default=None)
    with rooms.db.read() as db:
        jobs = counts(db)
    return {
        "order_at": age.order_at,
        "event_at": age.event_at,
        "is_fresh": newest is not None and f.now - newest < STALE,
        "waiting": sum(n for (_, state), n in jobs.items() if state in (JobState.WAITING, JobState.RUNNING)),
        "dead": sum(n for (_, state), n in jobs.items() if state is JobState.DEAD),
    }


TODAY_ROUTES = (today,)
