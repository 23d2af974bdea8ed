"""The container: what its files say, and where Docker runs, that it comes up."""

from __future__ import annotations

import re
import shutil
import subprocess
import uuid
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
STAGES = re.split(r"(?m)^(?=FROM )", DOCKERFILE)[1:]
MADE_BEFORE = "dist/*.whl"
"""Comes from `make wheel`, not from the repository."""


def copied() -> list[str]:
    return [
        source for sources in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", DOCKERFILE) for source in sources.split()
    ]


def test_whatever_is_copied_is_there_and_not_ignored() -> None:
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert [one for one in copied() if one != MADE_BEFORE and not (ROOT / one).exists()] == []
    assert [one for one in copied() if not any(one == known or fnmatch(one, known) for known in let_through)] == []


def test_it_is_built_in_two_stages_and_only_the_result_is_taken_over() -> None:
    assert len(STAGES) == 2
    assert "pip install" not in STAGES[1]
    assert "COPY --from=build /opt/zhanggui" in STAGES[1]


def test_it_does_not_run_as_root() -> None:
    users = re.findall(r"(?m)^USER (\S+)$", STAGES[1])

    assert users == ["10001:10001"]


def test_it_has_a_volume_for_the_data_and_says_whether_it_is_healthy() -> None:
    assert re.search(r"(?m)^VOLUME /data$", STAGES[1])
    assert re.search(r"ZHANGGUI_HOME=/data\b", STAGES[1])
    assert "/health/ready" in STAGES[1].partition("HEALTHCHECK")[2]


def test_the_dependencies_are_held_to_their_hashes() -> None:
    assert "--require-hashes -r /tmp/requirements-core.lock" in STAGES[0]


def test_compose_publishes_the_proxy_alone_and_uses_files_that_are_there() -> None:
    services = re.split(r"(?m)^  (?=\w+:$)", COMPOSE.partition("services:\n")[2].partition("\nvolumes:")[0])[1:]

    assert [service.partition(":")[0] for service in services if "ports:" in service] == ["caddy"]
    assert (ROOT / "deploy/Caddyfile").exists()
    assert [service.partition(":")[0] for service in services if "no-new-privileges" in service] == [
        "zhanggui",
        "backup",
    ]


@pytest.mark.timeout(1800)
def test_it_comes_up_healthy() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True).returncode:
        pytest.skip("no Docker daemon runs here")
    if not list(ROOT.glob("dist/*.whl")):
        pytest.skip("there is no wheel in dist: make wheel")
    tag = f"zhanggui-test-{uuid.uuid4().hex[:8]}"
    build = [docker, "build", "-q", "-f", "deploy/Dockerfile", "-t", tag, "."]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    name = subprocess.run([docker, "run", "-d", "--rm", tag], check=True, capture_output=True, text=True).stdout.strip()
    try:
        ready = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready')"
        wait = f'until python -c "{ready}"; do sleep 1; done'
        subprocess.run([docker, "exec", name, "timeout", "180", "sh", "-c", wait], check=True, capture_output=True)
        who = subprocess.run([docker, "exec", name, "id", "-u"], check=True, capture_output=True, text=True).stdout
    finally:
        subprocess.run([docker, "stop", name], capture_output=True, check=False)
        subprocess.run([docker, "rmi", "-f", tag], capture_output=True, check=False)
    assert who.strip() == "10001"
