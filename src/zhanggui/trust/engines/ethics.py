"""Reads the clauses and the matrix of laws, and puts clauses in the order in which a reader must see them."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.trust.types.ethics import Article, Clause, ClauseState, Law, LawMatrix

_ORDER = ("no_check", "failed", "not_run", "passed")
_HOME = files("zhanggui.trust")


class _Clauses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clause: tuple[Clause, ...]


class _Matrix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    law: tuple[Law, ...]
    article: tuple[Article, ...]


def read_clauses(text: str | None = None) -> tuple[Clause, ...]:
    """The clauses of `ethics.toml`, or of another text of its shape.

    Raises:
        ValueError: a clause is misshapen or stands twice.
    """
    text = _HOME.joinpath("ethics.toml").read_text(encoding="utf-8") if text is None else text
    clauses = msgspec.convert(tomllib.loads(text), _Clauses).clause
    _require_once(clause.id for clause in clauses)
    return clauses


def read_matrix(text: str | None = None) -> LawMatrix:
    """The matrix of `law.toml`, or of another text of its shape.

    Raises:
        ValueError: an article is misshapen, stands twice, or names neither what answers it nor why it is not ours.
    """
    return _own_matrix() if text is None else _matrix_of(text)


@cache
def _own_matrix() -> LawMatrix:
    """Read once a process: the file comes with the package, and reading it took most of what the page of laws cost."""
    return _matrix_of(_HOME.joinpath("law.toml").read_text(encoding="utf-8"))


def _matrix_of(text: str) -> LawMatrix:
    read = msgspec.convert(tomllib.loads(text), _Matrix)
    _require_once(article.id for article in read.article)
    known = {law.id for law in read.law}
    for article in read.article:
        if article.law not in known:
            raise ValueError(f"article {article.id} is of the law {article.law!r}, which is not named")
        if bool(article.held) == bool(article.not_ours_zh and article.not_ours_en):
            raise ValueError(f"article {article.id} needs what answers it, or why it is not ours, and not both")
        if article.read != bool(article.source):
            raise ValueError(f"article {article.id} says where it was read when it was, and only then")
    return LawMatrix(laws=read.law, articles=read.article)


def in_order(states: Iterable[ClauseState]) -> tuple[ClauseState, ...]:
    """Clauses that nothing looks after first, then those that failed, then those not looked at, then the rest."""
    return tuple(sorted(states, key=lambda one: _ORDER.index(one.state)))


def _require_once(ids: Iterable[str]) -> None:
    twice = [id_ for id_, times in Counter(ids).items() if times > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)} stand twice")
