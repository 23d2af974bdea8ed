"""Users on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from cyclopts import App, Parameter

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_table

from .opening import OpenUsers

Role = Annotated[str | None, Parameter(help="owner, operator, agent, analyst or auditor")]


def commands(open_users: OpenUsers, address: Callable[[], str]) -> App:
    """`users add`, `login-link`, `set-role`, `disable` and `list`.

    Args:
        open_users: the users of the installation.
        address: where its pages are reached, for login links.
    """
    app = App(name="users", help="Who may log in to the pages.")
    _entry_commands(app, open_users, address)
    _right_commands(app, open_users)
    return app


def _entry_commands(app: App, open_users: OpenUsers, address: Callable[[], str]) -> None:
    @app.command
    def add(account: str, *, role: Role = None, shop: str = "*", json: Json = False) -> None:
        """Make a user; the way in is a login link.

        Args:
            account: a name or an e-mail address.
            shop: where the role holds; `*` is every shop.
        """
        with open_users() as users:
            user = users.add(account, roles={} if role is None else {shop: role})
            link = users.login_link(account)
        if json:
            print_json({"user": user, "login_token": link, "login_link": f"{address()}/login/link/{link}"})
        else:
            print(f"{address()}/login/link/{link}")

    @app.command
    def login_link(account: str) -> None:
        """Make a link that lets in once, within 15 minutes."""
        with open_users() as users:
            print(f"{address()}/login/link/{users.login_link(account)}")


def _right_commands(app: App, open_users: OpenUsers) -> None:
    @app.command
    def set_role(account: str, role: Role = None, *, shop: str = "*") -> None:
        """Give a role in a shop, or take it away when none is named.

        Args:
            account: the user's account name.
            shop: where the role holds; `*` is every shop.
        """
        with open_users() as users:
            users.set_role(account, shop, role)

    @app.command
    def disable(account: str) -> None:
        """Shut a user out, from the next request on."""
        with open_users() as users:
            users.disable(account)

    @app.command(name="list")
    def list_(*, json: Json = False) -> None:
        """List all users."""
        with open_users() as users:
            found = users.list()
        if json:
            print_json(found)
            return
        rows = (
            (user.account, " ".join(f"{shop}:{role}" for shop, role in user.roles.items()), user.is_disabled)
            for user in found
        )
        print_table(("account", "roles", "disabled"), rows)
