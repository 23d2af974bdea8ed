"""What stands in deploy/ agrees with the server."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.app.conftest import free_port

from zhanggui.shop.importers.uploads import MAX_UPLOAD

CADDYFILE = Path(__file__).parents[2] / "deploy/Caddyfile"
CADDY = shutil.which("caddy")


def test_the_proxy_passes_bodies_as_large_as_the_largest_upload_and_no_larger() -> None:
    found = re.findall(r"max_size (\d+)GiB", CADDYFILE.read_text(encoding="utf-8"))

    assert [int(gib) * 2**30 for gib in found] == [MAX_UPLOAD]


class Shop(http.server.BaseHTTPRequestHandler):
    """Says of every request what it was."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def a_shop() -> Iterator[int]:
    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield serving.server_address[1]
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()


@contextmanager
def a_proxy(folder: Path, upstream: int) -> Iterator[tuple[str, Path]]:
    """Caddy by our file before a port: its address and its log."""
    port, log = free_port(), folder / "caddy.log"
    environ = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    environ |= {"CADDY_ADMIN": f"127.0.0.1:{free_port()}", "UPSTREAM": f"127.0.0.1:{upstream}"}
    environ |= {"SHOP_HOST": f"http://127.0.0.1:{port}"}
    command = [str(CADDY), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environ, stderr=out, stdout=out)
        try:
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
            process.wait(30)


def first_answer(address: str) -> httpx.Response:
    transport = httpx.HTTPTransport(retries=8)  # waits longer each time until the port is open
    with httpx.Client(transport=transport, trust_env=False, timeout=20) as client:
        return client.get(address)


@pytest.mark.skipif(CADDY is None, reason="Caddy is not installed")
def test_the_proxy_asks_the_shop_and_logs_no_query_and_no_login_link(tmp_path: Path) -> None:
    with a_shop() as port, a_proxy(tmp_path, port) as (address, log):
        answers = [
            first_answer(f"{address}{path}")
            for path in (
                "/v1/tea?q=secret-words",
                "/login/link/secret-token",
                "/login/link/secret-token?x=1",
                "/metrics",
            )
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
    assert answers[0].text == "/v1/tea?q=secret-words"
    assert "max-age" in answers[0].headers["strict-transport-security"]
    written = log.read_text("utf-8")
    assert [path in written for path in ("/v1/tea", "/login/link/")] == [True, True]
    assert "secret" not in written
    assert "remote_ip" not in written
