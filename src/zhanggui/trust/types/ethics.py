"""What the software promises, what looks after each promise, and where the law stands in the software."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Literal

import msgspec


class Clause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One promise of `ethics.toml`.

    Attributes:
        id: names it for good.
        version: rises with each change of its words or its check; results of older versions no longer count.
        owner: the role that answers for it.
        check: names what looks after it.
        law: articles that it rests on, by their ids in `law.toml`.
    """

    id: str
    version: int
    since: date
    owner: str
    check: str
    law: tuple[str, ...]
    zh: str
    en: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a check saw: how many things it looked at, how many of them were wrong, and the first of these.

    `example` names no person. A check that had nothing to look at has passed: `seen` says so.
    """

    seen: int
    wrong: int = 0
    example: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether nothing was wrong."""
        return self.wrong == 0


Check = Callable[[], Outcome]


class ClauseResult(msgspec.Struct, frozen=True, kw_only=True):
    """The last result of a clause's check."""

    clause: str
    version: int
    at: datetime
    outcome: Outcome


class ClauseState(msgspec.Struct, frozen=True, kw_only=True):
    """A clause with the last result of its present version.

    `has_check` is False where nothing of that name looks after it; `broke` says why a check could not be run.
    """

    clause: Clause
    has_check: bool
    result: ClauseResult | None = None
    broke: str = ""

    @property
    def state(self) -> Literal["no_check", "not_run", "failed", "passed"]:
        """In the order in which they are shown: what nobody looks after first."""
        if not self.has_check:
            return "no_check"
        if self.result is None:
            return "not_run"
        return "passed" if self.result.outcome.is_passed else "failed"


class EthicsState(msgspec.Struct, frozen=True, kw_only=True):
    """All clauses; those without a passing check come first."""

    clauses: tuple[ClauseState, ...]

    @property
    def is_kept(self) -> bool:
        """Whether each clause has a check that passed."""
        return all(clause.state == "passed" for clause in self.clauses)


class Holding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an article stands in the software: operation of the API, page, command, test or document.

    Attributes:
        says: words that stand there (of a test: its name), so that a reader finds the place.
    """

    kind: Literal["route", "page", "command", "test", "doc"]
    name: str
    says: str = ""


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law."""

    id: str
    zh: str
    en: str


class Article(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article: what it asks for, and what answers it, or why it is not ours.

    `read` says whether its text was read (at `source`) when this was written.
    """

    id: str
    law: str
    number: str
    read: bool
    zh: str
    en: str
    source: str = ""
    held: tuple[Holding, ...] = ()
    not_ours_zh: str = ""
    not_ours_en: str = ""


class LawMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """All articles by law."""

    laws: tuple[Law, ...]
    articles: tuple[Article, ...]
