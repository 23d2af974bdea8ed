"""Who may do what in one shop, as its owner says it: every act stands in the shop's ledger. Keys: `key_acts.py`."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from zhanggui.trust.errors import KnownUser, OutOfScope, UnknownRole
from zhanggui.trust.types.access import Caller, User
from zhanggui.trust.types.scopes import ROLES

from .ledger import Ledger
from .users import Users

REACH = "users:write"


class UserAct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done about a user, by the user's id: an account name may be an e-mail address."""

    subject: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessActs:
    """Users of one shop.

    Users stand in the installation's store and the ledger in the shop's: the act comes first, its entry directly
    after it.
    """

    users: Users
    ledger: Ledger
    shop: str

    def staff(self) -> list[User]:
        """Who has a role in this shop, or in every shop, by account name."""
        return [user for user in self.users.list() if self.role_of(user)]

    def role_of(self, user: User) -> str:
        """A user's role in this shop; the role in every shop where there is none of its own; else empty."""
        return user.roles.get(self.shop) or user.roles.get("*", "")

    def add_user(self, account: str, role: str, by: Caller) -> tuple[User, str]:
        """Give somebody a role; returns the user, and a login link for one who was not there before (else "").

        Raises:
            UnknownRole, OutOfScope: there is no such role, or `by` holds less than it does.
            LastOwner: the only owner would become something else.
        """
        self._require_role(role, by)
        try:
            user = self.users.add(account, roles={self.shop: role})
        except KnownUser:
            return self.set_role(account, role, by), ""
        self._note("access.user_added", UserAct(subject=f"user:{user.id}", role=role), by)
        return user, self.login_link(account, by)

    def set_role(self, account: str, role: str | None, by: Caller) -> User:
        """Give a role in this shop, or take it away.

        Raises:
            LastOwner, UnknownRole, UnknownUser, OutOfScope: as they say.
        """
        if role is not None:
            self._require_role(role, by)
        user = self.users.set_role(account, self.shop, role)
        kind = "access.role_taken" if role is None else "access.role_set"
        self._note(kind, UserAct(subject=f"user:{user.id}", role=role or ""), by)
        return user

    def disable(self, account: str, by: Caller) -> User:
        """Shut a user out of all shops.

        Raises:
            LastOwner, UnknownUser: as they say.
            OutOfScope: the user has a role in a shop that is not `by`'s to manage.
        """
        self._require_reach(account, by)
        user = self.users.disable(account)
        self._note("access.user_disabled", UserAct(subject=f"user:{user.id}"), by)
        return user

    def login_link(self, account: str, by: Caller) -> str:
        """A secret that lets its bearer in once, as that user.

        Raises:
            UnknownUser: as it says.
            OutOfScope: the user has a role in a shop that is not `by`'s to manage.
        """
        user = self._require_reach(account, by)
        link = self.users.login_link(account)
        self._note("access.login_link_made", UserAct(subject=f"user:{user.id}"), by)
        return link

    def note_password(self, user: User, by: Caller) -> None:
        """Write down that somebody changed the own password."""
        self._note("access.password_set", UserAct(subject=f"user:{user.id}"), by)

    def _require_role(self, role: str, by: Caller) -> None:
        if role not in ROLES:
            raise UnknownRole.among(role, ROLES)
        for scope in ROLES[role]:
            by.require(scope, self.shop)

    def _require_reach(self, account: str, by: Caller) -> User:
        """The user, unless a shop of theirs is not `by`'s: who logs in as them could do what `by` may not."""
        user = self.users.by_account(account)
        for shop in user.roles:
            if not by.may(REACH, shop):
                raise OutOfScope(
                    "This user has a role in a shop that is not yours.", hint="Ask who manages the whole installation."
                )
        return user

    def _note(self, kind: str, act: UserAct, by: Caller) -> None:
        self.ledger.db.write(lambda db: self.ledger.append(db, kind, act, by.actor))
