"""What the server answers when it does not do what was asked (RFC 9457)."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A problem in detail; unknown members are ignored."""

    title: str = ""
    status: int = 0
    detail: str = ""
    code: str = ""
    hint: str = ""


class ServerError(Exception):
    """The server refused, or could not be reached (then `problem.status` is 0)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(" ".join(part for part in (problem.detail or problem.title, problem.hint) if part))
        self.problem = problem
