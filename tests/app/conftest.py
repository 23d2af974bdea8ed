from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import FeatureSettings
from zhanggui.trust import CreateKey

MAIN = "from zhanggui.app.cli.main import main; main()"
START_S = 150


@dataclass(frozen=True)
class RunningServer:
    """A server of two processes, as a merchant runs it."""

    address: str
    key: str
    publishable: str
    home: Path
    page_port: int  # an origin that the publishable key lists: where a test puts the page of an existing site

    @property
    def api(self) -> str:
        return f"{self.address}/v1/{SHOP}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.api, headers=self.headers, timeout=60, trust_env=False)

    def one_client_a_worker(self) -> list[httpx.Client]:
        """Clients whose open connection ends at one worker each: both workers have one."""
        found: dict[str, httpx.Client] = {}
        for _ in range(200):
            client = self.client()
            worker = client.get("/products", params={"limit": 1}).headers["x-request-id"].split("-")[0]
            if worker in found:
                client.close()
            else:
                found[worker] = client
            if len(found) == 2:
                return list(found.values())
        pytest.fail("200 connections all ended at one worker")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="session")
def every_route(tmp_path_factory: pytest.TempPathFactory) -> FrontedApp:
    """An application with all its pages and routes, the tour's too: to be looked at, never asked."""
    return create_app(an_installation(tmp_path_factory.mktemp("routes"), features=FeatureSettings(tour=True)))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The real server on a free port, two workers, one empty shop."""
    settings = an_installation(tmp_path_factory.mktemp("server"))
    port, page_port = free_port(), free_port()
    page = f"http://127.0.0.1:{page_port}"
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="test", scopes=("*",))).secret
        publishable = control.keys.create(SHOP, CreateKey(name="page", kind="publishable", origins=(page,))).secret
    log = settings.home / "server.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(port), "--workers", "2"],
            env=environ | {"ZHANGGUI_HOME": str(settings.home)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        yield RunningServer(address, key, publishable, settings.home, page_port)
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/health/ready", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            process_is_starting = 0.1
            time.sleep(process_is_starting)
    pytest.fail(f"the server did not come up:\n{log.read_text()[-3000:]}")
