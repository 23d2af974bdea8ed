"""One proposal as a page shows it: title, diff, reason with evidence, effect, checks, what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from zhanggui.app.web.phrases import Phrases
from zhanggui.trust import AutonomyLevel, DiffRow, Effect, Finding, Level, Proposal, ProposalState, Shape, Value
from zhanggui.trust.engines.diffing import cut
from zhanggui.trust.engines.scale import Scale, scale
from zhanggui.trust.service.examining import typed
from zhanggui.trust.service.inbox import Look, cured
from zhanggui.trust.service.proposals import ACT

from .evidence import Evidence, Fact
from .inbox_list import InboxList, is_coarse
from .shell import Console

_REF = re.compile(r"\[(\d{1,2})\]")
_WORD_JOINER = "\N{WORD JOINER}"
STORE = "store"
BY_HAND = "by-hand"
MARKED = 12
"""Shorter texts than this are not compared letter by letter."""
ORDER = {Level.BLOCK: 0, Level.WARN: 1, Level.PASS: 2}
TONES = {Level.BLOCK: ("bad", "block"), Level.WARN: ("warn", "alert"), Level.PASS: ("", "check")}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the diff; `same` when nothing changes there. `parts` is `now`, cut where it begins to differ."""

    label: str
    was: str
    parts: tuple[str, str, str]
    same: str


@dataclass(frozen=True, slots=True)
class EffectView:
    """What it is expected to bring, in words, and where it is drawn."""

    amount: str = ""
    interval: str = ""
    how: str = ""
    unknown: str = ""
    drawn: Scale | None = None
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What one rule found. `mend` labels the button that applies its cure."""

    rule: str
    place: str
    tone: str
    icon: str
    text: str
    advice: str
    mend: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """The words of one proposal."""

    look: Look
    title: str
    subject: str
    kind: str
    tone: str
    state: str
    author: str
    level: AutonomyLevel
    level_words: str
    is_observed: bool
    rows: tuple[Row, ...]
    reason: Markup
    facts: tuple[Fact, ...]
    effect: EffectView
    checks: tuple[Check, ...]
    checked: str
    after: tuple[str, ...]
    fingerprint: str
    decision: str

    @property
    def proposal(self) -> Proposal:
        """What it is about."""
        return self.look.proposal


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Makes the view of one proposal for one reader."""

    console: Console
    phrases: Phrases
    list: InboxList

    def view(self, look: Look) -> ItemView:
        """All that a page says of a proposal."""
        proposal = look.proposal
        level = next(held for held in self.console.rooms.proposals.autonomy().kinds if held.kind == proposal.kind)
        tone, state = ("", self.phrases.say("state", "proposed"))
        if proposal.state is not ProposalState.PROPOSED:
            tone, state = self.list.found(proposal)
        return ItemView(
            look=look,
            title=self.list.title(look),
            subject=self.list.subject(look),
            kind=self.phrases.say("kind", proposal.kind),
            tone=tone,
            state=state,
            author=self._author(proposal),
            level=level.level,
            level_words=self.phrases.say("level", level.level.value),
            is_observed=level.acts_as is AutonomyLevel.OBSERVE,
            rows=tuple(self._rows(look)),
            reason=self._reason(proposal),
            facts=tuple(Evidence(self.console, self.phrases).facts(proposal.evidence)),
            effect=self._effect(proposal),
            checks=tuple(self._check(proposal, one) for one in sorted(proposal.findings, key=lambda f: ORDER[f.level])),
            checked=self._checked(proposal),
            after=tuple(self._after(proposal)),
            fingerprint=f"{proposal.hash[:4]} {proposal.hash[4:8]} … {proposal.hash[-4:]}",
            decision=self._decision(proposal),
        )

    def who(self, actor: str) -> str:
        """A person's account, or what else decided."""
        if actor == ACT:
            return self.phrases.say("actor", "alone")
        kind, _, id_ = actor.partition(":")
        if kind == "user":
            accounts = {user.id: user.account for user in self.console.control.users.list()}
            return accounts.get(id_, self.phrases.say("actor", "former_user"))
        if kind == "key":
            names = {key.id: key.name for key in self.console.control.keys.list(self.console.rooms.name)}
            return self.phrases.say("actor", "key", name=names.get(id_, id_))
        return self.phrases.say("actor", "other", name=actor)

    def _author(self, proposal: Proposal) -> str:
        author = proposal.author
        if author.kind == "person":
            return self.who(author.name) if ":" in author.name else author.name
        name = self.phrases.say("author", author.name)
        return self.phrases.say("author", "model", name=name, version=author.version) if author.version else name

    def _rows(self, look: Look) -> Iterator[Row]:
        left_out = 0
        for row in look.rows:
            if row.scope and not self.console.may(row.scope):
                continue
            if row.is_quiet and row.was == row.now:
                left_out += 1
                continue
            label = self.phrases.phrase("field", row.label)
            was, now = self._written(row.was), self._written(row.now)
            if row.was == row.now:
                yield Row(label, "", ("", "", ""), now or self.phrases.say("value", "none"))
            else:
                yield Row(label, was or self.phrases.say("value", "none"), self._parts(row, was, now), "")
        if left_out:
            yield Row(
                self.phrases.say("field", "the_rest"),
                "",
                ("", "", ""),
                self.phrases.say("value", "stays", n=str(left_out)),
            )

    def _written(self, value: Value | None) -> str:
        return self.phrases.value(value)

    def _parts(self, row: DiffRow, was: str, now: str) -> tuple[str, str, str]:
        if not now:
            return self.phrases.say("value", "none"), "", ""
        both = row.was is not None and row.now is not None
        if both and row.now is not None and row.now.shape is Shape.TEXT and min(len(was), len(now)) >= MARKED:
            return cut(was, now)
        return f"{now}{self._by(row)}", "", ""

    def _by(self, row: DiffRow) -> str:
        """By how much money rises or falls, in percent."""
        if row.was is None or row.now is None or row.now.shape is not Shape.MONEY or int(row.was.text) == 0:
            return ""
        share = int(row.now.text) / int(row.was.text) - 1
        code = "lower_by" if share < 0 else "higher_by"
        return self.phrases.say("value", code, share=self.console.view.formats.percent(abs(share)))

    def _reason(self, proposal: Proposal) -> Markup:
        reason = proposal.reason
        if self.phrases.knows("reason", reason.code):
            told = self.phrases.say("reason", reason.code, reason.params, currency=proposal.effect.currency)
        else:
            values = "; ".join(f"{name}: {value}" for name, value in reason.params.items())
            told = self.phrases.say("reason", "unworded", code=reason.code, values=values)
        return linked(told, len(proposal.evidence))

    def _effect(self, proposal: Proposal) -> EffectView:
        effect, say = proposal.effect, self.phrases.say
        if effect.amount_minor is None:
            code = effect.why_unknown if self.phrases.knows("effect", effect.why_unknown) else "not_estimated"
            return EffectView(unknown=say("effect", code))
        how = ""
        if self.phrases.knows("how", proposal.reason.code):
            how = say("how", proposal.reason.code, proposal.reason.params, currency=effect.currency)
        return self._drawn(effect, how)

    def _drawn(self, effect: Effect, how: str) -> EffectView:
        low, mid, high = effect.low_minor or 0, effect.amount_minor or 0, effect.high_minor or 0

        is_whole = is_coarse(max(abs(low), abs(high)))

        def money(minor: int, *, is_signed: bool = True) -> str:
            return self.console.view.formats.money(minor, effect.currency, is_signed=is_signed, is_whole=is_whole)

        drawn = scale(low, mid, high)
        return EffectView(
            amount=money(mid),
            interval=self.phrases.say("effect", "interval", low=money(low), high=money(high)),
            how=how,
            drawn=drawn,
            ticks=tuple((at, "0" if value == 0 else money(value, is_signed=False)) for at, value in drawn.ticks),
        )

    def _check(self, proposal: Proposal, finding: Finding) -> Check:
        say, currency = self.phrases.say, proposal.effect.currency
        tone, icon = TONES[finding.level]
        params = {**finding.params, "place": finding.place}
        if finding.place.startswith("texts."):
            params["language"] = finding.place.split(".")[1]
        verdict = "passes" if finding.level is Level.PASS else "fails"
        worded = f"{finding.rule}.{verdict}"
        text = say("rule", worded, params, currency=currency) if self.phrases.knows("rule", worded) else finding.rule
        advice, mend = "", ""
        if finding.cure is not None and finding.level is not Level.PASS:
            wanted = {name: str(value) for name, value in (finding.cure.change or {}).items()}
            values = {**params, **finding.cure.params, **wanted}
            code = finding.cure.code
            if cured(proposal, finding.rule, finding.place) is not None:
                mend = say("cure", code, values, currency=currency)
            else:
                advice = say("cure", code, values, currency=currency)
        return Check(finding.rule, finding.place, tone, icon, text, advice, mend)

    def _checked(self, proposal: Proposal) -> str:
        number = {level: str(sum(one.level is level for one in proposal.findings)) for level in Level}
        return self.phrases.say(
            "inbox", "checked", passed=number[Level.PASS], warns=number[Level.WARN], blocks=number[Level.BLOCK]
        )

    def _after(self, proposal: Proposal) -> Iterator[str]:
        if proposal.outlet == BY_HAND and proposal.state is ProposalState.QUEUED:
            yield self._card(proposal)
        outlet = proposal.outlet if self.phrases.knows("after", proposal.outlet) else "outside"
        yield self.phrases.say("after", outlet, outlet=proposal.outlet)
        yield self.phrases.say("after", f"{'store' if outlet == STORE else 'outside'}_undo")

    def _card(self, proposal: Proposal) -> str:
        """What a person has to do by hand, or to take back by hand."""
        kind = self.console.rooms.proposals.kinds[proposal.kind]
        card = kind.card(proposal.subject, typed(kind, proposal.change))
        return self.console.view._("To do by hand: %(card)s") % {
            "card": self.phrases.say("card", card.code, card.params, currency=proposal.effect.currency)
        }

    def _decision(self, proposal: Proposal) -> str:
        if proposal.state is ProposalState.PROPOSED or not proposal.decided_by:
            return ""
        words: dict[str, Any] = {"who": self.who(proposal.decided_by)}
        words["at"] = self.console.view.formats.time(proposal.updated_at)
        told = self.phrases.say("decided", proposal.state.value, **words)
        if proposal.decision is None:
            return told
        params = proposal.decision.params
        why = self.phrases.say("decision", proposal.decision.code, params)
        own_words = self.phrases.say("decision", "own_words", params) if params.get("words") else ""
        return f"{told} {why}{own_words}"


def linked(text: str, refs: int) -> Markup:
    """A sentence whose `[1]` lead to the evidence of that number, where there is any; the others are left out."""

    def link(found: re.Match[str]) -> str:
        number = int(found.group(1))
        if not 1 <= number <= refs:
            return ""
        return f'{_WORD_JOINER}<a class="ref" href="#e{number}">{number}</a>'

    return Markup(_REF.sub(link, str(escape(text))))  # noqa: S704  (escaped before the links are put in)
