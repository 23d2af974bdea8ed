"""One door to the outside: the code is walked for any other, and the wired shop goes through it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.builders import SHOP, an_installation

import zhanggui
from zhanggui.app.build import open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.console.protection import SENDS
from zhanggui.app.console.protection_lists import USES
from zhanggui.kernel.egress import EgressUse, UnregisteredHost
from zhanggui.kernel.settings import OutboxSettings
from zhanggui.trust.engines.egress.crossing import SENT

PACKAGE = Path(zhanggui.__file__).parent
OPENERS = {
    ("httpx", "Client"),
    ("httpx", "AsyncClient"),
    *(("httpx", verb) for verb in ("get", "post", "put", "patch", "delete", "head", "options", "request", "stream")),
    ("smtplib", "SMTP"),
    ("smtplib", "SMTP_SSL"),
    ("socket", "create_connection"),
    ("socket", "socket"),
    ("client", "HTTPConnection"),
    ("client", "HTTPSConnection"),
    ("request", "urlopen"),
    ("request", "build_opener"),
    ("asyncio", "open_connection"),
    ("anyio", "connect_tcp"),
}
MODULES = {"urllib.request", "requests", "aiohttp", "urllib3", "ftplib", "telnetlib", "imaplib", "poplib", "paramiko"}
DOOR = "kernel/egress/door.py"
OWN_PORT = {
    "app/server/address.py": "asks whether the port that it serves on is free",
    "app/server/waiting.py": "asks its own worker whether it is ready",
    "app/server/job_loop.py": "listens",
    "app/server/pool.py": "listens",
    "app/server/web.py": "listens",
}
"""What opens sockets of this machine's own server; none of it leaves the machine."""


def opened(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (name, node.func.attr) in OPENERS:
                yield f"{name}.{node.func.attr}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = {alias.name for alias in node.names}
            module = node.module or ""
            yield from (f"{module}.{name}" for name in names if (module.rpartition(".")[2], name) in OPENERS)
            if module in MODULES or {f"{module}.{name}" for name in names} & MODULES:
                yield module


@pytest.mark.parametrize("text", ["import httpx\nhttpx.get('x')", "from socket import socket", "import urllib.request"])
def test_the_walk_sees_every_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.py").write_text(text)

    assert list(opened(tmp_path / "x.py"))


def test_nobody_opens_a_connection_but_the_door() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): calls
        for path in sorted(PACKAGE.rglob("*.py"))
        if (calls := list(opened(path)))
    }

    assert set(found) - set(OWN_PORT) == {DOOR}


def test_a_webhook_in_the_settings_is_registered_by_that_and_can_be_taken_out(tmp_path: Path) -> None:
    held = OutboxSettings(webhook_url="https://hooks.tea.example.cn/in")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/webhook_secret.secret").write_text("0123456789abcdef0123")
    settings = an_installation(tmp_path, outbox=held)

    with open_rooms(SHOP, settings) as rooms:
        (named,) = rooms.egress.hosts()
        rooms.egress.require("hooks.tea.example.cn", EgressUse.OUTBOX)
        rooms.egress.remove("hooks.tea.example.cn", EgressUse.OUTBOX, "user:li")
        with pytest.raises(UnregisteredHost):
            rooms.egress.require("hooks.tea.example.cn", EgressUse.OUTBOX)

    assert (named.host, named.source, named.country) == ("hooks.tea.example.cn", "settings", "CN")


def test_the_register_is_kept_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(an_installation(tmp_path).home)]

    added = run([*home, "egress", "add", SHOP, "api.llm.example", "--use", "llm", "--country", "us", "--contract", "7"])
    told = capsys.readouterr().out
    run([*home, "egress", "list", SHOP])
    listed = capsys.readouterr().out
    removed = run([*home, "egress", "remove", SHOP, "api.llm.example", "--use", "llm"])

    assert (added, removed) == (0, 0)
    assert "separate consent" in told
    assert "api.llm.example" in listed
    assert run([*home, "egress", "remove", SHOP, "api.llm.example", "--use", "llm"]) != 0


@pytest.mark.parametrize("use", EgressUse)
def test_every_use_says_what_it_sends_and_why_and_the_page_has_words_for_it(use: EgressUse) -> None:
    assert SENT[use].purpose
    assert SENT[use].fields
    assert USES[use]


def test_the_page_has_words_for_every_field_that_is_sent_and_for_no_other() -> None:
    assert set(SENDS) == {field for sent in SENT.values() for field in sent.fields}
    assert len(set(SENDS)) == len(SENDS)
