"""Errors of who may come in, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from zhanggui.kernel.errors import Kind, did_you_mean

from .root import TrustError


class UnknownKey(TrustError):
    """No API key has that id."""

    code, kind = "trust.unknown_key", Kind.NOT_FOUND


class BadKey(TrustError):
    """The API key is wrong, expired or revoked; which of these is not said."""

    code, kind = "trust.bad_key", Kind.UNAUTHENTICATED


class UnknownUser(TrustError):
    """No user has that account name."""

    code, kind = "trust.unknown_user", Kind.NOT_FOUND


class KnownUser(TrustError):
    """The account name is taken."""

    code, kind = "trust.known_user", Kind.CONFLICT


class LastOwner(TrustError):
    """Nobody could give rights in the shop any more."""

    code, kind = "trust.last_owner", Kind.CONFLICT


class BadLogin(TrustError):
    """Account and password do not fit each other; which is wrong is not said."""

    code, kind = "trust.bad_login", Kind.UNAUTHENTICATED


class TooManyLogins(TrustError):
    """Too many failed logins; the message says how long to wait."""

    code, kind = "trust.too_many_logins", Kind.TOO_MANY


class BadToken(TrustError):
    """A customer token or a login link is forged, used or too old."""

    code, kind = "trust.bad_token", Kind.UNAUTHENTICATED


class BadCsrf(TrustError):
    """A page's request did not carry the token of its session."""

    code, kind = "trust.bad_csrf", Kind.FORBIDDEN


class OutOfScope(TrustError):
    """The caller is known and lacks the scope."""

    code, kind = "trust.out_of_scope", Kind.FORBIDDEN


class UnknownScope(TrustError):
    """A key or token was asked for with a scope it cannot have."""

    code, kind = "trust.unknown_scope", Kind.INVALID

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest scope that there is, or all of them."""
        scopes = list(known)
        everything = f"There are: {', '.join(scopes)}; room:* for a whole room, * for everything."
        return cls(f"There is no scope {seen!r}.", hint=did_you_mean(seen, scopes, otherwise=everything))


class UnknownRole(TrustError):
    """No role has that name."""

    code, kind = "trust.unknown_role", Kind.INVALID

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest role."""
        names = list(known)
        return cls(f"There is no role {seen!r}.", hint=did_you_mean(seen, names, otherwise=", ".join(names)))


class WeakPassword(TrustError):
    """The password is too short or too long."""

    code, kind = "trust.weak_password", Kind.INVALID
