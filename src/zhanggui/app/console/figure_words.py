"""A shop's figures in words: comparisons, and why each changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhanggui.app.web.formats import MINUS, NOTHING
from zhanggui.app.web.rendering import View
from zhanggui.kernel.words import N_, named, words
from zhanggui.shop.engines.causes import LEAST_ROWS, MILLION
from zhanggui.shop.types.figures import Figure, Overview, Part, Why

HEADS: Mapping[str, str] = {
    "sales": N_("Sales"),
    "orders": N_("Orders"),
    "visitors": N_("Visitors"),
    "conversion": N_("Conversion"),
}
MORE: Mapping[str, str] = {
    "sales": N_("Why sales are %(amount)s higher"),
    "orders": N_("Why there are %(amount)s more"),
    "visitors": N_("Why %(amount)s more came"),
    "conversion": N_("Why conversion is %(amount)s higher"),
}
LESS: Mapping[str, str] = {
    "sales": N_("Why sales are %(amount)s lower"),
    "orders": N_("Why there are %(amount)s fewer"),
    "visitors": N_("Why %(amount)s fewer came"),
    "conversion": N_("Why conversion is %(amount)s lower"),
}
SAME: Mapping[str, str] = {
    "sales": N_("Sales are the same"),
    "orders": N_("The number of orders is the same"),
    "visitors": N_("As many came"),
    "conversion": N_("Conversion is the same"),
}
PARTS: Mapping[str, str] = {
    "orders": N_("Number of orders"),
    "basket": N_("Worth of each order"),
    "visitors": N_("Number of visitors"),
    "new_buyers": N_("First orders of new buyers"),
    "returning_buyers": N_("Orders of returning buyers"),
    "newcomers": N_("Seen for the first time"),
    "regulars": N_("Came again"),
    "returns": N_("Returns, which are not deducted"),
}
LEADS: Mapping[str, str] = {
    "sales": N_("%(what)s: %(delta)s (orders: %(now)s, before %(before)s)"),
    "orders": N_("%(what)s: %(delta)s (orders: %(now)s, before %(before)s)"),
    "conversion": N_("%(what)s: %(delta)s (%(now)s, before %(before)s)"),
    "visitors": N_("%(what)s: %(delta)s (%(now)s, before %(before)s)"),
}
RETURNED = N_("%(what)s: %(delta)s (returns: %(now)s, before %(before)s)")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One key figure as a page shows it. `change` is empty where nothing is compared, and `before` says why.

    `unpaid` says how many orders it leaves out that nobody has paid yet; `unpaid_path` leads to them.
    """

    key: str
    head: str
    figure: str
    unit: str
    change: str
    before: str
    why: KeyFigureCause | None
    unpaid: str = ""
    unpaid_path: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigureCause:
    """Why a figure changed: a heading, its parts, what it rests on."""

    title: str
    parts: tuple[str, ...]
    note: str
    label: str


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Puts one overview into words."""

    view: View
    overview: Overview

    def all(self) -> tuple[KeyFigure, ...]:
        """The four key figures."""
        shown = self.overview
        figures = {
            "sales": shown.sales,
            "orders": shown.orders,
            "visitors": shown.visitors,
            "conversion": shown.conversion,
        }
        return tuple(self._key_figure(key, figure) for key, figure in figures.items())

    def then(self) -> str:
        """What is compared with, in a word: `last Sat`."""
        shown, f, say = self.overview, self.view.formats, self.view._
        if shown.range_days > 1:
            return say(N_("the %(n)s days before")) % {"n": shown.range_days}
        if shown.is_today:
            return say(N_("last %(weekday)s")) % {"weekday": f.weekday(shown.before_day)}
        return f.day(shown.before_day)

    def amount(self, key: str, value: float) -> str:
        """A difference with its unit, without its sign."""
        f, say = self.view.formats, words(self.view.language)
        size = abs(value)
        if key == "sales":
            return f.money(round(size), self.overview.currency, is_whole=size >= 100)
        if key == "conversion":
            return say.gettext("%(n)s points") % {"n": f.number(size * 100, 2)}
        if key == "orders":
            return say.ngettext("%(n)s order", "%(n)s orders", round(size)) % {"n": f.number(size)}
        return say.ngettext("%(n)s visitor", "%(n)s visitors", round(size)) % {"n": f.number(size)}

    def share(self, now: float, before: float, rows: int) -> str:
        """A change in percent with its arrow; empty where there was nothing before, or `rows` are too few for one."""
        if not before or rows < LEAST_ROWS:
            return ""
        return _arrow(now / before - 1, self.view.formats.percent(abs(now / before - 1)))

    def _key_figure(self, key: str, figure: Figure) -> KeyFigure:
        say = self.view._
        number, unit = self._number(key, figure.now)
        return KeyFigure(
            key=key,
            head=say(HEADS[key]),
            figure=number,
            unit=unit,
            change=self._change(key, figure),
            before=self._before(key, figure),
            why=self._why(key, figure.why) if figure.why else None,
            unpaid=self._unpaid() if key == "orders" else "",
            unpaid_path=self._unpaid_path() if key == "orders" else "",
        )

    def _unpaid(self) -> str:
        count = self.overview.unpaid
        said = words(self.view.language).ngettext("%(n)s not paid yet", "%(n)s not paid yet", count)
        return said % {"n": self.view.formats.number(count)} if count else ""

    def _unpaid_path(self) -> str:
        shown = self.overview
        return f"/orders?state=pending{f'&day={shown.day.isoformat()}' if shown.range_days == 1 else ''}"

    def _number(self, key: str, value: float | None) -> tuple[str, str]:
        f, say = self.view.formats, self.view._
        if value is None:
            return NOTHING, ""
        if key == "sales":
            return f.money(round(value), self.overview.currency, is_whole=True), ""
        if key == "conversion":
            return f.number(value * 100, 2), "%"
        return f.number(value), say(N_("orders")) if key == "orders" else say(N_("people"))

    def _change(self, key: str, figure: Figure) -> str:
        if figure.now is None or not figure.before or _is_too_few(figure):
            return ""
        if key != "conversion":
            return self.share(figure.now, figure.before, LEAST_ROWS)
        delta = figure.now - figure.before
        return _arrow(delta, self.amount(key, delta))

    def _before(self, key: str, figure: Figure) -> str:
        say = self.view._
        if figure.now is None:
            is_uncounted = self.overview.visitors_until is None
            return say(N_("No behaviour has been counted yet")) if is_uncounted else say(N_("Nobody came"))
        if figure.before is None:
            return say(N_("Nothing to compare with yet"))
        number, unit = self._number(key, figure.before)
        told = f"{self.then()} {number}{unit if unit == '%' else ''}"
        if figure.before and _is_too_few(figure):
            return say(N_("%(then)s; too few to compare")) % {"then": told}
        return told

    def _why(self, key: str, why: Why) -> KeyFigureCause:
        say, f = self.view._, self.view.formats
        delta = why.delta / MILLION if key == "conversion" else why.delta
        titles = MORE if delta > 0 else LESS if delta < 0 else SAME
        title = say(titles[key])
        label = say(N_("Why %(figure)s changed")) % {"figure": say(HEADS[key])}
        if delta:
            title = title % {"amount": self.amount(key, delta)}
        if not why.is_enough:
            few = say(
                N_(
                    "Only %(n)s in both spans together: chance alone moves so few by half and more, so no percentage "
                    "and no cause is named. From %(least)s on they are: then five are to be expected in each span, "
                    "the least with which statistics compare counts."
                )
            )
            return KeyFigureCause(title, (), few % {"n": f.number(why.now + why.before), "least": LEAST_ROWS}, label)
        return KeyFigureCause(title, tuple(self._part(key, part) for part in why.parts), self._note(key, why), label)

    def _part(self, key: str, part: Part) -> str:
        say, f = self.view._, self.view.formats
        delta = part.delta / MILLION if key == "conversion" else part.delta
        sign = "+" if delta > 0 else MINUS if delta < 0 else ""
        lead = RETURNED if part.kind == "returns" else LEADS[key]
        return say(lead) % {
            "what": self._what(part),
            "delta": f"{sign}{self.amount(key, delta)}",
            "now": f.number(part.now),
            "before": f.number(part.before),
        }

    def _what(self, part: Part) -> str:
        say = self.view._
        match part.kind:
            case "product":
                return say(N_('"%(name)s"')) % {"name": part.name}
            case "category":
                return say(N_("Category %(name)s")) % {"name": named(part.name, self.view.language) or say(N_("none"))}
            case "channel":
                return say(N_("Channel %(name)s")) % {"name": part.name}
            case kind:
                return say(PARTS[kind])

    def _note(self, key: str, why: Why) -> str:
        say, f = self.view._, self.view.formats
        rows = {"now": f.number(why.now), "before": f.number(why.before)}
        if key == "visitors":
            return say(N_("From %(now)s visitors, and %(before)s before; each counts once a day.")) % rows
        if key == "conversion":
            return say(N_("Conversion is paid orders divided by visitors.")) % rows
        return say(N_("From %(now)s paid orders, and %(before)s before. Returns are not deducted.")) % rows


def _is_too_few(figure: Figure) -> bool:
    """Whether chance alone could have made the difference (Cochran 1954: five expected in each, so ten together)."""
    return figure.why is not None and not figure.why.is_enough


def _arrow(change: float, shown: str) -> str:
    """What has changed with its direction; what reads as nothing has none."""
    is_nothing = not any(digit in shown for digit in "123456789")
    return f"{'→' if is_nothing else '↑' if change > 0 else '↓'} {shown}"
