"""The supervisor with real processes: an application of the tests' own, real workers, real signals."""

from __future__ import annotations

import datetime
import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from zhanggui.app.server.address import free_port

WAIT_S = 90.0
APPLICATION = """
import asyncio, os, time
from pathlib import Path
from litestar import Litestar, get
from zhanggui.app.server.health import Readiness, health_routes
from zhanggui.kernel import metrics

HERE = Path(__file__).parent

@get("/pid", sync_to_thread=False)
def pid() -> int:
    return os.getpid()

@get("/slow")
async def slow() -> str:
    (HERE / "started").touch()
    while not (HERE / "release").exists():
        await asyncio.sleep(0.01)
    return "done"

@get("/count", sync_to_thread=False)
def count() -> None:
    metrics.EVENTS.labels(outcome="accepted").inc()

@get("/threads", sync_to_thread=False)
def threads() -> dict[str, str]:
    import sys
    return {"omp": os.environ["OMP_NUM_THREADS"], "switch": str(sys.getswitchinterval()), "port": _port()}

def _port() -> str:
    from zhanggui.kernel.settings import load_settings
    return str(load_settings(None, os.environ).server.port)

def create_app() -> Litestar:
    health = health_routes(Readiness(), metrics_key="k")
    return Litestar(route_handlers=[pid, slow, count, threads, *health], openapi_config=None)

def broken_app() -> Litestar:
    raise RuntimeError("this application cannot start")

def migrate(settings) -> None:
    with (HERE / "migrated").open("a") as out:
        out.write("x")

def work() -> int:
    import signal
    from zhanggui.app.server.loading import follow_parent
    follow_parent()
    with (HERE / "workers").open("a") as out:
        out.write(f"{os.getpid()}\\n")
    signal.signal(signal.SIGTERM, lambda *_: (HERE / "work-ended").touch() or os._exit(0))
    while True:
        signal.pause()
"""
RUN = """
import sys
from pathlib import Path
from zhanggui.app.server import Targets, serve
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.settings import LogSettings, ServerSettings, Settings
if __name__ == "__main__":
    folder, app, port, host, cert, key = sys.argv[1:7]
    server = ServerSettings(workers=2, drain_s=20)
    settings = Settings(home=Path(folder) / "home", server=server, log=LogSettings(format="json"))
    targets = Targets(app=f"the_app:{app}", work="the_app:work", migrate="the_app:migrate")
    ready = lambda address: (Path(folder) / "ready").write_text(address)
    try:
        code = serve(settings, host, int(port), tls_cert=cert, tls_key=key, targets=targets, on_ready=ready)
    except ZhangguiError as error:
        print(error.code, error, error.hint, sep="\\n")
        code = 3
    raise SystemExit(code)
"""


def until(look: Callable[[], object], *, what: str) -> None:
    """Look again and again until it is so; the test fails when it never is."""
    deadline = time.monotonic() + WAIT_S
    pause = threading.Event()
    while not look():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        pause.wait(0.02)


@dataclass
class Running:
    folder: Path
    port: int
    process: subprocess.Popen[str]
    tls: ssl.SSLContext | None = None
    seen: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """One request on a connection of its own."""
        connection = (
            http.client.HTTPSConnection("127.0.0.1", self.port, timeout=WAIT_S, context=self.tls)
            if self.tls
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        )
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def try_get(self, path: str) -> tuple[int, str]:
        try:
            return self.get(path)
        except (OSError, http.client.HTTPException):
            return 0, ""

    def workers(self) -> set[int]:
        """The process ids that answer."""
        return {int(body) for status, body in (self.try_get("/pid") for _ in range(30)) if status == 200}

    def log(self) -> str:
        return (self.folder / "log").read_text()


def start(folder: Path, *, app: str = "create_app", host: str = "127.0.0.1", cert: str = "", key: str = "") -> Running:
    (folder / "the_app.py").write_text(APPLICATION)
    (folder / "run.py").write_text(RUN)
    port = free_port("127.0.0.1", 0)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ZHANGGUI_", "PROMETHEUS_"))}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(folder / "run.py"), str(folder), app, str(port), host, cert, key],
            env=environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "3"},  # for the supervisor to bound
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    return Running(folder, port, process)


def stop(server: Running) -> None:
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGTERM)
        (server.folder / "release").touch()
        try:
            server.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()


def started(folder: Path) -> Iterator[Running]:
    running = start(folder)
    try:
        until((folder / "ready").exists, what="readiness")
        until(lambda: len(running.workers()) == 2, what="two workers")
        until((folder / "workers").exists, what="the jobs process")
        yield running
    finally:
        stop(running)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for the tests that leave it as it was."""
    yield from started(tmp_path_factory.mktemp("server"))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Running]:
    """A server that the test may end."""
    yield from started(tmp_path)


def test_it_migrates_once_then_serves_with_its_workers_and_one_jobs_process(server: Running) -> None:
    assert (server.folder / "migrated").read_text() == "x"
    assert (server.folder / "ready").read_text() == f"http://127.0.0.1:{server.port}"
    assert len((server.folder / "workers").read_text().split()) == 1
    assert server.get("/health/live") == (200, '{"status":"live","waiting_for":[]}')
    assert server.get("/health/ready") == (200, '{"status":"ready","waiting_for":[]}')


def test_workers_get_the_very_settings_few_native_threads_and_quick_switching(server: Running) -> None:
    assert json.loads(server.get("/threads")[1]) == {"omp": "1", "switch": "0.0005", "port": str(server.port)}


def test_a_killed_worker_is_replaced_however_often(server: Running) -> None:
    for _ in range(3):
        before = server.workers()
        victim = before.pop()
        os.kill(victim, signal.SIGKILL)
        until(lambda victim=victim: len(server.workers() - {victim}) == 2, what="a worker in its place")

    assert server.process.poll() is None


def test_the_jobs_process_is_started_again_when_it_dies(server: Running) -> None:
    seen = (server.folder / "workers").read_text().split()

    os.kill(int(seen[-1]), signal.SIGKILL)

    until(lambda: len((server.folder / "workers").read_text().split()) == len(seen) + 1, what="another jobs process")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_in_flight_end_and_exits_with_0(own_server: Running, number: signal.Signals) -> None:
    with ThreadPoolExecutor(1) as pool:
        in_flight = pool.submit(own_server.get, "/slow")
        until((own_server.folder / "started").exists, what="a request in flight")
        own_server.process.send_signal(number)
        until((own_server.folder / "work-ended").exists, what="the jobs process to end")
        assert own_server.process.poll() is None
        (own_server.folder / "release").touch()
        answer = in_flight.result(WAIT_S)

    assert answer == (200, "done")
    assert own_server.process.wait(WAIT_S) == 0


def test_ctrl_c_in_a_terminal_reaches_all_processes_and_is_a_clean_end(own_server: Running) -> None:

    os.killpg(own_server.process.pid, signal.SIGINT)

    assert own_server.process.wait(WAIT_S) == 0
    assert "Traceback" not in own_server.log()


def test_no_process_outlives_a_killed_supervisor(own_server: Running) -> None:
    jobs = {int(pid) for pid in (own_server.folder / "workers").read_text().split()}
    processes = own_server.workers() | jobs

    own_server.process.kill()

    until(lambda: not any(map(is_running, processes)), what="the workers and the jobs process to end")


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_figures_are_those_of_all_workers_for_this_machine_or_who_has_the_key(server: Running) -> None:
    for _ in range(30):
        server.get("/count")

    status, figures = server.get("/metrics")

    assert status == 200
    assert 'zhanggui_events_total{outcome="accepted"} 30.0' in figures
    assert server.get("/metrics", X_Forwarded_For="203.0.113.9")[0] != 200
    assert server.get("/metrics", X_Forwarded_For="203.0.113.9", Authorization="Bearer k")[0] == 200


def test_lines_on_stderr_are_json(server: Running) -> None:
    lines = [json.loads(line) for line in server.log().splitlines()]

    assert "serving" in [line["event"] for line in lines]


def test_an_application_that_cannot_start_ends_the_server_with_1(tmp_path: Path) -> None:
    server = start(tmp_path, app="broken_app")
    try:
        assert server.process.wait(90) == 1
        assert "this application cannot start" in server.log()
        assert "workers do not stay up" in server.log()
    finally:
        stop(server)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_a_public_address_without_tls_is_refused_with_a_cure(tmp_path: Path, host: str) -> None:
    server = start(tmp_path, host=host)
    assert server.process.stdout is not None
    said = server.process.stdout.read()

    assert server.process.wait(WAIT_S) == 3
    assert said.startswith("server.public_without_tls\n" + host)
    assert "--tls-cert" in said
    assert "--insecure" in said
    assert not (tmp_path / "migrated").exists()
    stop(server)


def test_a_port_that_is_used_is_named(server: Running, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("second")
    second = start(folder)
    second.process.kill()
    stop(second)
    command = [sys.executable, str(folder / "run.py"), str(folder), "create_app", str(server.port), "127.0.0.1", "", ""]
    environ = os.environ | {"PYTHONPATH": str(folder)}

    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=WAIT_S, check=False)

    assert ended.returncode == 3
    assert f"127.0.0.1:{server.port} is used by another program." in ended.stdout


def a_certificate(folder: Path) -> tuple[str, str]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    import ipaddress

    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, plain))
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_tls_serves_on_any_address_with_the_certificate_given(tmp_path: Path) -> None:
    cert, key = a_certificate(tmp_path)
    server = start(tmp_path, host="0.0.0.0", cert=cert, key=key)
    try:
        until((tmp_path / "ready").exists, what="readiness")
        server.tls = ssl.create_default_context(cafile=cert)

        assert server.get("/health/live")[0] == 200
        assert server.process.poll() is None
    finally:
        stop(server)


def a_renewal(live: Path, archive: Path) -> str:
    """A new certificate under the same names, as links: the way that certbot renews; returns the certificate's path."""
    archive.mkdir()
    for path in map(Path, a_certificate(archive)):
        (live / path.name).unlink(missing_ok=True)
        (live / path.name).symlink_to(path)
    return str(archive / "cert.pem")


def test_a_renewed_certificate_is_served_after_sighup(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    a_renewal(live, tmp_path / "first")
    server = start(tmp_path, cert=str(live / "cert.pem"), key=str(live / "key.pem"))
    try:
        until((tmp_path / "ready").exists, what="readiness")

        server.tls = ssl.create_default_context(cafile=a_renewal(live, tmp_path / "second"))
        server.process.send_signal(signal.SIGHUP)

        until(lambda: server.try_get("/health/live")[0] == 200, what="the new certificate")
        until(lambda: server.log().count("stopped a worker") == 2, what="the second worker")
        assert server.get("/health/live")[0] == 200

        (live / "cert.pem").write_text("broken")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "the renewed certificate is not used" in server.log(), what="the warning")
        assert server.get("/health/live")[0] == 200
    finally:
        stop(server)


CADDY = shutil.which("caddy")


@pytest.mark.skipif(CADDY is None, reason="caddy is not installed: apt-get install caddy")
def test_the_caddyfile_is_valid(tmp_path: Path) -> None:
    caddyfile = Path(__file__).parents[2] / "deploy/Caddyfile"
    environ = os.environ | {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [str(CADDY), "validate", "--config", str(caddyfile), "--adapter", "caddyfile"]

    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 0, ended.stderr
