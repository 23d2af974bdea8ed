"""What the ledger's codes mean to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from zhanggui.app.rooms import Rooms
from zhanggui.app.web.phrases import Phrases, subject_words
from zhanggui.kernel.words import N_
from zhanggui.trust import FactRef, LedgerEntry
from zhanggui.trust.errors import BadChange
from zhanggui.trust.service.proposals import ACT
from zhanggui.trust.service.unnamed import unnamed_entry
from zhanggui.trust.words.ledger import KINDS

from .rule_list import KINDS as RULES
from .shell import Console

STRONG = frozenset({"proposal.approved", "proposal.applied", "proposal.undone", "autonomy.paused", "people.shown"})
"""What a reader looks for first."""
LEVELS: Mapping[str, str] = {
    "observe": N_("only observe"),
    "suggest": N_("suggest, a person decides"),
    "act": N_("act alone where no check objects"),
}
PURPOSES: Mapping[str, str] = {
    "service": N_("service"),
    "personalization": N_("personalization"),
    "marketing": N_("marketing"),
    "analytics": N_("analytics"),
    "training": N_("training of models"),
}
ROLE_WORDS: Mapping[str, str] = {
    "owner": N_("Owner"),
    "operator": N_("Operator"),
    "agent": N_("Service agent"),
    "analyst": N_("Analyst"),
    "auditor": N_("Auditor"),
}
RULE_ACTS: Mapping[str, str] = {
    "created": N_("made"),
    "changed": N_("changed"),
    "removed": N_("taken away"),
    "undone": N_("taken back"),
}
BREAKS: Mapping[str, str] = {
    "edited": N_("The entry was edited."),
    "removed": N_("Entries were removed."),
    "reordered": N_("The entry stands in another's place."),
    "inserted": N_("Entries were put in later."),
    "payload_edited": N_("What the entry says was edited."),
    "payload_missing": N_("What the entry says was taken away without a receipt."),
    "cut": N_("The end of the ledger was cut off."),
    "checkpoint_differs": N_("The entry is not the one that was signed here."),
    "checkpoint_forged": N_("The signature on this checkpoint is not ours."),
    "checkpoint_missing": N_("The checkpoint that belongs here is missing."),
    "anchor_differs": N_("The entry is not the one in your anchor file."),
    "anchor_forged": N_("The signature in the anchor file is not ours."),
}
BLIND: Mapping[str, str] = {
    "tail_after_last_checkpoint": N_("Entries after the last checkpoint could have been rewritten as a whole."),
    "tail_after_anchor": N_("Entries after your anchor could have been cut off; make a new anchor to cover them."),
    "no_anchor": N_("Without an anchor kept elsewhere, a ledger rewritten from its beginning would look intact."),
    "stolen_key": N_("Who steals the signing key from this machine can sign a false ledger."),
    "truth_of_entries": N_("That an entry is unchanged does not say that it was true when it was written."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSentence:
    """An entry as a reader sees it. `about` says what it is about, `path` leads there; both may be empty."""

    entry: LedgerEntry
    title: str
    about: str
    detail: str
    who: str
    path: str
    is_strong: bool


class Teller:
    """Puts entries into words for one request: it knows the names of users and keys."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ = console.view._
        users = {f"user:{user.id}": user.account for user in console.control.users.list()}
        keys = {f"key:{key.id}": key.name for key in console.control.keys.list(console.rooms.name)}
        self._phrases = Phrases(console.view)
        self.names: dict[str, str] = {
            **users,
            **keys,
            "system": self._(N_("the software")),
            "schedule": self._(N_("the schedule")),
        }

    def kind(self, kind: str) -> str:
        """A kind in words; the code itself for one that has none."""
        return self._(KINDS[kind]) if kind in KINDS else kind

    def who(self, actor: str) -> str:
        """An actor by name."""
        if actor.startswith("local:"):
            return self._(N_("%(name)s at the server")) % {"name": actor.removeprefix("local:")}
        if actor in self.names:
            return self.names[actor]
        if actor == ACT:
            return self._phrases.say("actor", "alone")
        return self._phrases.say("actor", "former_user") if actor.startswith("user:") else self._author(actor)

    def tell(self, entry: LedgerEntry) -> LedgerSentence:
        """One entry in words; for who may not see people without ids of shoppers and what free texts say of them."""
        if not self._console.may("shop:people"):
            entry = unnamed_entry(entry, self._console.redacted)
        held: dict[str, Any] = entry.payload if isinstance(entry.payload, dict) else {}
        about, path = self._about(entry.kind, held)
        return LedgerSentence(
            entry=entry,
            title=self.kind(entry.kind),
            about=about,
            detail=self._detail(entry.kind, held),
            who=self.who(entry.actor),
            path=path,
            is_strong=entry.kind in STRONG,
        )

    def _about(self, kind: str, held: Mapping[str, Any]) -> tuple[str, str]:
        room = kind.partition(".")[0]
        if room == "proposal":
            path = f"/inbox/{held['id']}" if "id" in held and self._console.may("trust:read") else ""
            return self._proposal(str(held.get("kind", "")), str(held.get("subject", ""))), path
        if room == "access" and "subject" in held:
            subject = str(held["subject"])
            path = "/users" if subject.startswith("user:") else "/keys"
            return self.names.get(subject, subject), path if self._console.may(f"{path[1:]}:read") else ""
        if kind == "ethics.checked":
            path = "/ethics" if self._console.may("ethics:read") else ""
            return self._promises.get(str(held.get("clause", "")), ""), path
        if kind == "recommend.rule":
            return self._rule(held), "/rules" if self._console.may("recommend:admin") else ""
        if kind == "recommend.objectives":
            return self._aims(held), "/variety" if self._console.may("recommend:measure") else ""
        if "person" in held:
            return self._(N_("shopper no. %(number)s")) % {"number": held["person"]}, ""
        if kind == "consent.notice":
            return str(held.get("notice", "")), ""
        return "", ""

    @cached_property
    def _promises(self) -> dict[str, str]:
        """What each clause promises, by its id."""
        is_zh = self._console.view.language == "zh"
        clauses = (one.clause for one in self._console.rooms.ethics.state().clauses)
        return {clause.id: clause.zh if is_zh else clause.en for clause in clauses}

    def _detail(self, kind: str, held: Mapping[str, Any]) -> str:
        if kind in ("access.role_set", "access.user_added"):
            return self._(ROLE_WORDS.get(str(held.get("role", "")), str(held.get("role", ""))))
        if kind == "autonomy.level":
            level = str(held.get("level", ""))
            what = self._phrases.say("kind", str(held.get("kind", "")))
            return f"{what}: {self._(LEVELS[level]) if level in LEVELS else level}"
        if kind in ("consent.granted", "consent.refused"):
            purpose = str(held.get("purpose", ""))
            return self._(PURPOSES[purpose]) if purpose in PURPOSES else purpose
        if kind == "ledger.erased":
            gone = held.get("seqs", [])
            return self._(N_("%(count)s entries")) % {"count": len(gone) if isinstance(gone, list) else 0}
        if kind in ("recommend.rule", "recommend.objectives", "recommend.preference"):
            act = str(held.get("act", ""))
            return self._(RULE_ACTS[act]) if act in RULE_ACTS else act
        reason = held.get("reason", "")
        return self._phrases.say("reject", reason) if isinstance(reason, str) and reason else ""

    def _rule(self, held: Mapping[str, Any]) -> str:
        rule = held.get("after") or held.get("before")
        rule = rule if isinstance(rule, dict) else {}  # only of an entry that was tampered with
        kind = str(rule.get("kind", ""))
        return str(rule.get("name", "")) or (self._(RULES[kind][0]) if kind in RULES else kind)

    def _aims(self, held: Mapping[str, Any]) -> str:
        after = held.get("after")
        place = after.get("variety") if isinstance(after, dict) else None
        return self._(N_("slider at %(place)s")) % {"place": f"{place:g}"} if isinstance(place, int | float) else ""

    def _author(self, name: str) -> str:
        return self._phrases.say("author", name) if name else ""

    def _proposal(self, name: str, subject: str) -> str:
        """A proposal's kind and what it is about, by name; what is of no kind that is known, as it was written."""
        rooms = self._console.rooms
        if name not in rooms.proposals.kinds:
            return f"{name} {subject}".strip()
        return f"{self._phrases.say('kind', name)} · {subject_title(rooms, name, subject, self._console.view.language)}"


def subject_title(rooms: Rooms, name: str, subject: str, language: str) -> str:
    """What a proposal of a known kind is about: the product's title, else as it was written."""
    try:
        about = rooms.proposals.kinds[name].page.about(subject)
    except BadChange:
        about = FactRef(
            kind="product", ref=subject
        )  # only a tampered entry has such a one; it must be seen all the same
    with rooms.db.read() as db:
        view = rooms.live.view(db)
    number = view.numbers.get(about.ref)
    return subject_words(about, language) if number is None else view.titles(number, language)
