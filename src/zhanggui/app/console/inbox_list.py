"""The list of the inbox: tabs by kind, filters by state, and the proposals that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from zhanggui.app.web.phrases import Phrases, subject_words
from zhanggui.app.web.tables import PER_PAGE, TableAsk, TableRows
from zhanggui.kernel.money import to_decimal
from zhanggui.trust import Level, Proposal, ProposalState
from zhanggui.trust.service.inbox import Look

from .shell import Console

HEAD = (
    "id",
    "kind",
    "state",
    "about",
    "title",
    "expected",
    "lowest",
    "highest",
    "currency",
    "found",
    "author",
    "proposed_at",
    "decide_before",
)
COARSE_MINOR = 10_000
STATES: Mapping[str, frozenset[ProposalState]] = {
    "open": frozenset({ProposalState.PROPOSED}),
    "decided": frozenset({ProposalState.QUEUED, ProposalState.REJECTED, ProposalState.FAILED, ProposalState.EXPIRED}),
    "applied": frozenset({ProposalState.APPLIED}),
    "undone": frozenset({ProposalState.UNDONE}),
}


def is_coarse(minor: int) -> bool:
    """Whether an estimate is so large that its cents say nothing."""
    return abs(minor) >= COARSE_MINOR


ORDERS: Mapping[str, Callable[[Proposal], Any]] = {
    "gain": lambda one: -(one.effect.amount_minor or 0),
    "deadline": lambda one: one.expires_at.timestamp() if one.expires_at else float("inf"),
    "newest": lambda one: -one.created_at.timestamp(),
}
"""What a list may be sorted by, beside its own order."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox is listed. It stands in the address and in every form, so that one comes back to it."""

    state: str = "open"
    kind: str = ""
    search: str = ""
    sort: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], kinds: Sequence[str]) -> Filter:
        """Read an address or a form; whatever there is not is passed over."""
        state, kind, sort = asked.get("state", ""), asked.get("kind", ""), asked.get("sort", "")
        return cls(
            state if state in STATES else "open",
            kind if kind in kinds else "",
            asked.get("q", "").strip()[:200],
            sort if sort in ORDERS else "",
        )

    @property
    def query(self) -> dict[str, str]:
        """Its part of an address."""
        asked = {"state": "" if self.state == "open" else self.state, "kind": self.kind}
        return {name: value for name, value in {**asked, "q": self.search, "sort": self.sort}.items() if value}

    @property
    def address(self) -> str:
        """The same as it stands at the end of an address; empty for what is listed anyway."""
        return f"?{urlencode(self.query)}" if self.query else ""

    def ask(self, path: str, page: int) -> TableAsk:
        """The same as tables ask, at a page of the list."""
        tabs = {name: value for name, value in self.query.items() if name in ("state", "kind")}
        return TableAsk(sort=self.sort, search=self.search, filters=tabs, page=page, path=path)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab."""

    label: str
    count: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal of the list."""

    id: str
    title: str
    kind: str
    href: str
    gain: str
    is_known: bool
    tone: str
    found: str
    deadline: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListView:
    """The list as a page shows it. `ids` are all that fit, in order, also those that are not shown."""

    filter: Filter
    kinds: tuple[Tab, ...]
    states: tuple[Tab, ...]
    orders: tuple[Tab, ...]
    page: TableRows
    lines: tuple[Line, ...]
    ids: tuple[str, ...]
    export: str


@dataclass(frozen=True, slots=True)
class InboxList:
    """Makes the list for one reader."""

    console: Console
    phrases: Phrases

    def filter(self, asked: Mapping[str, str]) -> Filter:
        """What an address or a form asks for."""
        return Filter.of(asked, tuple(self.console.rooms.proposals.kinds))

    def view(self, wanted: Filter, current: str = "", *, is_first_current: bool = False, page: int = 1) -> ListView:
        """A page of the list, with `current` or the first of it lit; it is the page on which `current` stands."""
        counts, found = self.console.rooms.inbox.counts(), self._found(wanted)
        ids = tuple(proposal.id for proposal in found)
        page = ids.index(current) // PER_PAGE + 1 if current in ids else min(page, max(len(ids) - 1, 0) // PER_PAGE + 1)
        rows = TableRows.of(found, wanted.ask(f"{self.console.base}/inbox", page))
        current = rows.rows[0].id if is_first_current and rows.rows else current
        looks = self.console.rooms.inbox.titled(rows.rows)
        return ListView(
            filter=wanted,
            kinds=self._kinds(wanted, counts),
            states=self._states(wanted, counts),
            orders=self._orders(wanted),
            page=rows,
            lines=tuple(self._line(look, wanted, current) for look in looks),
            ids=ids,
            export=f"{self.console.base}/inbox.csv{wanted.address}",
        )

    def table(self, wanted: Filter) -> Iterator[tuple[object, ...]]:
        """The same proposals for a file, under `HEAD`, of all pages."""
        for look in self.console.rooms.inbox.titled(self._found(wanted)):
            yield self._cells(look)

    def _found(self, wanted: Filter) -> list[Proposal]:
        """All that fit, in order."""
        inbox = self.console.rooms.inbox
        found = inbox.listed(STATES[wanted.state], wanted.kind or None)
        if wanted.search:
            words = wanted.search.casefold()
            found = [look.proposal for look in inbox.titled(found) if words in self._words(look)]
        return sorted(found, key=ORDERS[wanted.sort]) if wanted.sort else found

    def _words(self, look: Look) -> str:
        """What of a proposal is searched."""
        kind = self.phrases.say("kind", look.proposal.kind)
        return f"{self.title(look)}\n{kind}\n{look.about.ref}\n{look.proposal.id}".casefold()

    def title(self, look: Look) -> str:
        """What a proposal is about, in one line."""
        about = self.subject(look)
        return self.phrases.phrase("proposal", look.title, subject=about)

    def subject(self, look: Look) -> str:
        """The name of what a proposal is about."""
        rooms = self.console.rooms
        with rooms.db.read() as db:
            view = rooms.live.view(db)
        number = view.numbers.get(look.about.ref)
        language = self.console.view.language
        return subject_words(look.about, language) if number is None else view.titles(number, language)

    def href(self, proposal_id: str, wanted: Filter) -> str:
        """Where a proposal is shown beside its list."""
        return f"{self.console.base}/inbox/{proposal_id}{wanted.address}"

    def _line(self, look: Look, wanted: Filter, current: str) -> Line:
        proposal, formats = look.proposal, self.console.view.formats
        tone, found = self.found(proposal)
        effect = proposal.effect
        gain = formats.money(
            effect.amount_minor, effect.currency, is_signed=True, is_whole=is_coarse(effect.amount_minor or 0)
        )
        say, end = self.phrases.say, proposal.expires_at
        return Line(
            id=proposal.id,
            title=self.title(look),
            kind=say("kind", proposal.kind),
            href=self.href(proposal.id, wanted),
            gain=say("inbox", "not_estimated") if effect.amount_minor is None else gain,
            is_known=effect.amount_minor is not None,
            tone=tone,
            found=found,
            deadline=say("inbox", "no_hurry") if end is None else say("inbox", "until", at=formats.time(end)),
            is_current=proposal.id == current,
        )

    def _cells(self, look: Look) -> tuple[object, ...]:
        proposal, formats = look.proposal, self.console.view.formats
        effect, end = proposal.effect, proposal.expires_at
        amounts = (effect.amount_minor, effect.low_minor, effect.high_minor)
        return (
            proposal.id,
            proposal.kind,
            proposal.state.value,
            look.about.ref,
            self.title(look),
            *(None if minor is None else to_decimal(minor, effect.currency) for minor in amounts),
            effect.currency,
            self.found(proposal)[1],
            proposal.author.name,
            formats.iso(proposal.created_at),
            None if end is None else formats.iso(end),
        )

    def found(self, proposal: Proposal) -> tuple[str, str]:
        """A badge: what the checks found while it is open, its state afterwards."""
        if proposal.state is not ProposalState.PROPOSED:
            tones = {ProposalState.APPLIED: "ok", ProposalState.QUEUED: "info", ProposalState.FAILED: "bad"}
            return tones.get(proposal.state, ""), self.phrases.say("state", proposal.state.value)
        for level, tone, code in ((Level.BLOCK, "bad", "blocks"), (Level.WARN, "warn", "warns")):
            number = sum(finding.level is level for finding in proposal.findings)
            if number:
                return tone, self.phrases.say("inbox", code, n=str(number))
        return "ok", self.phrases.say("inbox", "checks_passed")

    def _kinds(self, wanted: Filter, counts: Mapping[tuple[str, ProposalState], int]) -> tuple[Tab, ...]:
        states = STATES[wanted.state]
        by_kind = {kind: sum(counts.get((kind, state), 0) for state in states) for kind in self._all_kinds()}
        everything = Tab(
            self.phrases.say("inbox", "all"),
            sum(by_kind.values()),
            self._address(replace(wanted, kind="")),
            not wanted.kind,
        )
        tabs = [
            Tab(self.phrases.say("kind", kind), number, self._address(replace(wanted, kind=kind)), wanted.kind == kind)
            for kind, number in by_kind.items()
        ]
        return (everything, *tabs)

    def _states(self, wanted: Filter, counts: Mapping[tuple[str, ProposalState], int]) -> tuple[Tab, ...]:
        kinds = [wanted.kind] if wanted.kind else self._all_kinds()
        return tuple(
            Tab(
                self.phrases.say("inbox", f"state_{name}"),
                sum(counts.get((kind, state), 0) for kind in kinds for state in states),
                self._address(replace(wanted, state=name)),
                wanted.state == name,
            )
            for name, states in STATES.items()
        )

    def _orders(self, wanted: Filter) -> tuple[Tab, ...]:
        return tuple(
            Tab(
                self.phrases.say("inbox", f"by_{name or 'worth'}"),
                0,
                self._address(replace(wanted, sort=name)),
                wanted.sort == name,
            )
            for name in ("", *ORDERS)
        )

    def _all_kinds(self) -> list[str]:
        return list(self.console.rooms.proposals.kinds)

    def _address(self, wanted: Filter) -> str:
        return f"{self.console.base}/inbox{wanted.address}"
