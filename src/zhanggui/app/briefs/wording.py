"""The brief in words, once for all channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zhanggui.app.web.formats import Formats
from zhanggui.app.web.phrases import Phrases, Reader, subject_words
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.settings.sections import ShopSettings
from zhanggui.kernel.words import N_, catalogue_language, named, words
from zhanggui.shop import LiveCatalogue
from zhanggui.trust import Effect, Proposal
from zhanggui.trust.service.inbox import Inbox, Look
from zhanggui.trust.types.briefs import Brief, FactsAge, ModelHealth


@dataclass(frozen=True, slots=True)
class Item:
    """One decision in words."""

    title: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Message:
    """A brief in words. `more` says what else waits, empty for nothing; `href` leads to all of it."""

    title: str
    items: tuple[Item, ...]
    more: str
    age: str
    open_word: str
    href: str


@dataclass(frozen=True, slots=True)
class ShopReader:
    """Somebody without a browser: the shop's own language."""

    language: str
    formats: Formats


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefWords:
    """Words a brief in the language of the shop.

    Args:
        name: what the shop is called in addresses.
        settings: its title, language, zone and currency.
        live: names of products.
    """

    name: str
    settings: ShopSettings
    clock: Clock
    inbox: Inbox
    live: LiveCatalogue

    def message(self, brief: Brief, proposals: Sequence[Proposal]) -> Message:
        """The brief in words."""
        reader = self._reader()
        say = words(reader.language)
        looks = self.inbox.titled(proposals)
        items = tuple(
            Item(self._title(look, reader), effect_in_words(look.proposal.effect, reader), decision.href)
            for look, decision in zip(looks, brief.decisions, strict=True)
        )
        title = say.gettext("%(shop)s, %(day)s: to decide") % {
            "shop": self.settings.title or self.name,
            "day": reader.formats.day(brief.day),
        }
        more = brief.waiting - len(items)
        return Message(
            title=title,
            items=items,
            more=_more(more, brief.late_contests, reader),
            age=" ".join([age_in_words(brief.facts, reader), *health_in_words(brief.model, reader)]),
            open_word=say.gettext("Look and decide"),
            href=brief.decisions[0].href.rpartition("/")[0] if brief.decisions else brief.contests_href,
        )

    def _reader(self) -> ShopReader:
        language = catalogue_language(self.settings.language)
        zone = ZoneInfo(self.settings.time_zone)
        return ShopReader(language, Formats(language, zone, self.settings.currency, self.clock()))

    def _title(self, look: Look, reader: Reader) -> str:
        with self.live.db.read() as db:
            view = self.live.view(db)
        number = view.numbers.get(look.about.ref)
        subject = subject_words(look.about, reader.language) if number is None else view.titles(number, reader.language)
        return Phrases(reader).phrase("proposal", look.title, subject=subject)


def _more(waiting: int, late_contests: int, reader: Reader) -> str:
    """What else waits, and whom the shop owes an answer; empty for nothing."""
    say, found = words(reader.language), []
    if waiting:
        found.append(say.ngettext("%(n)s more waits", "%(n)s more wait", waiting) % {"n": waiting})
    if late_contests:
        late = say.ngettext("%(n)s contest is overdue", "%(n)s contests are overdue", late_contests)
        found.append(late % {"n": late_contests})
    return " · ".join(found)


def effect_in_words(effect: Effect, reader: Reader) -> str:
    """What a decision is expected to bring, with its interval; or that nobody could say."""
    say = words(reader.language)
    if effect.amount_minor is None:
        return say.gettext("Not estimated")
    money = reader.formats.money
    return say.gettext("About %(amount)s; 80%% between %(low)s and %(high)s") % {
        "amount": money(effect.amount_minor, effect.currency, is_signed=True, is_whole=True),
        "low": money(effect.low_minor, effect.currency, is_whole=True),
        "high": money(effect.high_minor, effect.currency, is_whole=True),
    }


def age_in_words(facts: FactsAge, reader: Reader) -> str:
    """How old the facts are."""
    say, formats = words(reader.language), reader.formats
    if facts.order_at is None and facts.event_at is None:
        return say.gettext("The shop has no orders and no behaviour yet.")
    return say.gettext("Newest order %(order)s, newest behaviour %(event)s.") % {
        "order": formats.time(facts.order_at),
        "event": formats.time(facts.event_at),
    }


DEPARTS = {
    "categories": N_("Shoppers want other goods than in the weeks before, most of all %(category)s."),
    "clicks": N_("Lists are looked at less than in the weeks before."),
    "purchases": N_("Less is bought from lists than in the weeks before."),
}
"""What departs in the last week, by `ModelHealth.departs`."""


def health_in_words(model: ModelHealth | None, reader: Reader) -> list[str]:
    """What is to be told of the model that serves; nothing where it is fresh and nothing departs."""
    if model is None:
        return []
    say = words(reader.language)
    old = [say.gettext("The model that recommends is of %(day)s: older than it should be.")] if model.is_old else []
    told = [sentence % {"day": reader.formats.time(model.trained_at)} for sentence in old]
    for what, category in model.departs.items():
        told.append(say.gettext(DEPARTS[what]) % {"category": named(category, reader.language)})
    return told
