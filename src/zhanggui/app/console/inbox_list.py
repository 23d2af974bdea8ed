"""The list of the inbox: tabs by kind, filters by state, and the proposals that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from zhanggui.app.web.phrases import Phrases, subject_words
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
SHOWN = 40
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


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox is listed. It stands in the address and in every form, so that one comes back to it."""

    state: str = "open"
    kind: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], kinds: Sequence[str]) -> Filter:
        """Read an address or a form; whatever there is not is passed over."""
        state, kind = asked.get("state", ""), asked.get("kind", "")
        return cls(state if state in STATES else "open", kind if kind in kinds else "")

    @property
    def query(self) -> dict[str, str]:
        """Its part of an address."""
        return ({} if self.state == "open" else {"state": self.state}) | ({"kind": self.kind} if self.kind else {})

    @property
    def address(self) -> str:
        """The same as it stands at the end of an address; empty for what is listed anyway."""
        return f"?{urlencode(self.query)}" if self.query else ""


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

    def view(self, wanted: Filter, current: str = "", *, is_first_current: bool = False) -> ListView:
        """The list, with `current` or the first lit."""
        inbox = self.console.rooms.inbox
        counts = inbox.counts()
        found = inbox.listed(STATES[wanted.state], wanted.kind or None)
        ids = tuple(proposal.id for proposal in found)
        current = ids[0] if is_first_current and ids else current
        first = max(min(ids.index(current) - SHOWN // 2, len(ids) - SHOWN), 0) if current in ids else 0
        looks = inbox.titled(found[first : first + SHOWN])
        return ListView(
            filter=wanted,
            kinds=self._kinds(wanted, counts),
            states=self._states(wanted, counts),
            lines=tuple(self._line(look, wanted, current) for look in looks),
            ids=ids,
            export=f"{self.console.base}/inbox.csv{wanted.address}",
        )

    def table(self, wanted: Filter) -> Iterator[tuple[object, ...]]:
        """The same proposals for a file, under `HEAD`, also those that the page leaves to next and previous."""
        inbox = self.console.rooms.inbox
        for look in inbox.titled(inbox.listed(STATES[wanted.state], wanted.kind or None)):
            yield self._cells(look)

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
            self.phrases.say("inbox", "all"), sum(by_kind.values()), self._address(wanted, ""), not wanted.kind
        )
        tabs = [
            Tab(self.phrases.say("kind", kind), number, self._address(wanted, kind), wanted.kind == kind)
            for kind, number in by_kind.items()
        ]
        return (everything, *tabs)

    def _states(self, wanted: Filter, counts: Mapping[tuple[str, ProposalState], int]) -> tuple[Tab, ...]:
        kinds = [wanted.kind] if wanted.kind else self._all_kinds()
        return tuple(
            Tab(
                self.phrases.say("inbox", f"state_{name}"),
                sum(counts.get((kind, state), 0) for kind in kinds for state in states),
                self._address(Filter(name, wanted.kind), wanted.kind),
                wanted.state == name,
            )
            for name, states in STATES.items()
        )

    def _all_kinds(self) -> list[str]:
        return list(self.console.rooms.proposals.kinds)

    def _address(self, wanted: Filter, kind: str) -> str:
        return f"{self.console.base}/inbox{Filter(wanted.state, kind).address}"
