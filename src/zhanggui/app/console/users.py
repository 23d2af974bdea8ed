"""Who works with this shop's pages, and in which role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.problems import said
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.words import N_
from zhanggui.trust import User
from zhanggui.trust.errors import UnknownUser
from zhanggui.trust.types.scopes import ROLES

from .ledger_words import ROLE_WORDS
from .shell import Console

ROLE_MEANINGS: Mapping[str, str] = {
    "owner": N_("everything, also users, keys and settings"),
    "operator": N_("products, orders, customers and decisions; no users or keys"),
    "agent": N_("products, proposals and consents; no orders, no customer lists"),
    "analyst": N_("figures of the shop and of its models; nobody's data"),
    "auditor": N_("the ledger and its verification; nothing personal"),
}
DONE: Mapping[str, str] = {
    "role": N_("The role holds from the next request on."),
    "removed": N_("The role was taken away."),
    "disabled": N_("Shut out; all sessions have ended."),
}
SORTS = ("account", "role", "created")


@get("/console/{shop:str}/users", include_in_schema=False, sync_to_thread=True, opt={"scope": "users:read"})
def users(console: NamedDependency[Console]) -> Response[str]:
    """The users, and forms for all that can be done about them."""
    return _page(console)


@get("/console/{shop:str}/users.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "users:read"})
def users_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    _, staff = _listed(console)
    rows = (
        (user.account, console.acts.role_of(user), console.view.formats.iso(user.created_at), user.is_disabled)
        for user in staff
    )
    return csv_answer("users", ("account", "role", "since", "is_disabled"), rows)


@post(
    "/console/{shop:str}/users",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "users:write", "has_form": True},
    status_code=200,
)
def add_user(request: AnyRequest, console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """Give somebody a role; a new user's login link is shown this once."""
    account, role = form.text("account"), form.text("role")
    try:
        user, token = console.acts.add_user(form.required("account"), role, console.caller)
    except ZhangguiError as error:
        return _refused(console, error, tried={"account": account})
    return _page(console, link=_address(request, token), linked=user.account, tried={})


@post(
    "/console/{shop:str}/users/{user_id:str}/link",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "users:write", "has_form": True},
    status_code=200,
)
def login_link(
    request: AnyRequest, console: NamedDependency[Console], form: NamedDependency[Any], user_id: FromPath[str]
) -> Response[str]:
    """Make a login link, shown this once."""
    del form  # its token has been verified
    account = _account(console, user_id)
    try:
        token = console.acts.login_link(account, console.caller)
    except ZhangguiError as error:
        return _refused(console, error)
    return _page(console, link=_address(request, token), linked=account)


@post(
    "/console/{shop:str}/users/{user_id:str}/role",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "users:write", "has_form": True},
    status_code=200,
)
def set_role(
    console: NamedDependency[Console], form: NamedDependency[Any], user_id: FromPath[str]
) -> Response[str] | Redirect:
    """Give another role in this shop, or take it away."""
    account, role = _account(console, user_id), form.text("role") or None
    try:
        console.acts.set_role(account, role, console.caller)
    except ZhangguiError as error:
        return _refused(console, error)
    return console.go("/users", done="role" if role else "removed")


@post(
    "/console/{shop:str}/users/{user_id:str}/disable",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "users:write", "has_form": True},
    status_code=200,
)
def disable_user(
    console: NamedDependency[Console], form: NamedDependency[Any], user_id: FromPath[str]
) -> Response[str] | Redirect:
    """Shut somebody out."""
    del form  # its token has been verified
    account = _account(console, user_id)
    try:
        console.acts.disable(account, console.caller)
    except ZhangguiError as error:
        return _refused(console, error)
    return console.go("/users", done="disabled")


def _account(console: Console, user_id: str) -> str:
    user = console.control.users.by_id(user_id)
    if user is None:
        raise UnknownUser("There is no such user.", hint="Load the list again.")
    return user.account


def _refused(console: Console, error: ZhangguiError, tried: Mapping[str, str] | None = None) -> Response[str]:
    return _page(console, status=422, problem=said(error, console.view.language), tried=tried)


def _page(
    console: Console,
    *,
    status: int = 200,
    problem: str = "",
    link: str = "",
    linked: str = "",
    tried: Mapping[str, str] | None = None,
) -> Response[str]:
    ask, staff = _listed(console)
    say = console.view._
    columns = (
        Column("account", say(N_("Account"))),
        Column("role", say(N_("Role"))),
        Column("created", say(N_("Since")), is_wide=True),
    )
    return console.page(
        "trust/users.html",
        status=status,
        current="settings",
        tab="users",
        columns=columns,
        page=TableRows.of(staff, ask),
        role_of=console.acts.role_of,
        roles=ROLE_WORDS,
        meanings=ROLE_MEANINGS,
        may_write=console.may("users:write"),
        problem=problem,
        login_address=link,
        linked=linked,
        tried=tried or {},
        done=DONE.get(console.view.query.get("done", ""), ""),
    )


def _listed(console: Console) -> tuple[TableAsk, list[User]]:
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=("role",), path=f"{console.base}/users")
    role_of, wanted = console.acts.role_of, ask.filters.get("role")
    staff = [
        user
        for user in console.acts.staff()
        if wanted in (None, role_of(user)) and ask.search.casefold() in user.account.casefold()
    ]
    ranks = list(ROLES)
    if ask.sort == "role":
        staff.sort(key=lambda user: ranks.index(role_of(user)), reverse=ask.is_descending)
    elif ask.sort == "created":
        staff.sort(key=lambda user: user.created_at, reverse=ask.is_descending)
    elif ask.sort == "account" and ask.is_descending:
        staff.reverse()
    return ask, staff


def _address(request: AnyRequest, token: str) -> str:
    """The whole address of a login link, as this browser reaches the server; "" without a token."""
    return f"{str(request.base_url).rstrip('/')}/login/link/{token}" if token else ""


USER_ROUTES = (users, users_csv, add_user, login_link, set_role, disable_user)
