"""Hostile input against the real server: a clear 4xx, and everything stored before is still there."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.app.conftest import RunningServer

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client() as opened:
        opened.put("/products", json=[{"id": "keepsake", "texts": {"zh": {"title": "还在"}}}])
        yield opened
        assert opened.get("/products/keepsake").json()["texts"]["zh"]["title"] == "还在"


def refused(response: httpx.Response, *statuses: int) -> str:
    assert response.status_code in statuses, (response.status_code, response.text[:300])
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["detail"]
    assert "Traceback" not in response.text
    return str(body["code"])


def as_json(client: httpx.Client, path: str, content: bytes, method: str = "PUT") -> httpx.Response:
    return client.request(method, path, content=content, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("path", ["/products", "/events", "/events/batch", "/orders"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[" * 50_000 + b"]" * 50_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"id": "\\u0000", "name": "view_item", "visitor_id": "v"}',
        b'[{"id": "\xff\xfe"}]',
        '[{"id": "龙井"}]'.encode("gb18030"),
        '[{"id": "龙井"}]'.encode("utf-16"),
        b'[{"id": "\\ud800"}]',
        b'[{"id": "' + b"x" * 100_000 + b'", "texts": {}}]',
        b"[1e999]",
        b"[" + b"9" * 5_000 + b"]",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_body_that_is_no_fact_is_refused(client: httpx.Client, path: str, content: bytes) -> None:
    method = "POST" if path.startswith("/events") else "PUT"

    response = as_json(client, path, content, method)

    if path == "/events/batch" and response.status_code == 200:
        assert response.json()["accepted"] == 0  # refused one by one, by their place
    else:
        refused(response, 400, 413, 415, 422)


def test_a_body_over_the_limit_is_refused_before_it_is_read(client: httpx.Client) -> None:
    assert refused(as_json(client, "/products", b" " * (17 * 2**20)), 413) == "http.body_too_large"


@pytest.mark.parametrize(
    "path",
    [
        "/products/%00",
        "/products/%ff",
        "/products/..%2f..%2fetc%2fpasswd",
        "/products/" + "x" * 300,
        "/products/" + "x" * 5_000,
        "/imports/..%2f..%2fcontrol.db/rejects",
        "/imports/%2e%2e/rejects",
        "/export/..%2f..%2fmaster.key",
        "/orders/%E9%BE",
        "/models/..%5c..%5cx",
    ],
)
def test_a_path_trick_ends_in_a_clear_no(client: httpx.Client, path: str) -> None:
    refused(client.get(path), 400, 404, 413, 422)


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/..%2f..%2fserver.py", "/docs/../../etc/passwd"])
def test_no_file_of_the_server_is_given_away(server: RunningServer, path: str) -> None:
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        response = client.send(client.build_request("GET", path))

    assert response.status_code in {400, 404, 422}
    assert "import" not in response.text


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=" + "9" * 400, "after=forged", "after=%ff"]
)
def test_a_listing_is_bounded(client: httpx.Client, query: str) -> None:
    refused(client.get(f"/products?{query}"), 400, 413, 422)


def test_another_media_type_is_refused(client: httpx.Client) -> None:
    refused(client.put("/products", content=b"<a/>", headers={"Content-Type": "application/xml"}), 400, 415, 422)


def upload(client: httpx.Client, name: str, content: bytes, kind: str = "products", **more: str) -> httpx.Response:
    return client.post("/imports", files={"file": (name, content)}, data={"kind": kind, "accept": "true", **more})


def a_zip_bomb() -> bytes:
    """A workbook of some kB whose sheet is 2 GB of spaces when unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(200):
                sheet.write(b" " * 10_000_000)
    return packed.getvalue()


def an_image_bomb() -> bytes:
    """A PNG whose header promises 60,000 × 60,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def test_a_zip_bomb_as_a_workbook_is_refused(client: httpx.Client) -> None:
    refused(upload(client, "bomb.xlsx", a_zip_bomb()), 413, 422)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../../etc/cron.d/x.csv", b"id,title\n"),
        ("a.xlsx", b"PK\x03\x04 not a workbook"),
        ("a.parquet", b"PAR1 not parquet PAR1"),
        ("a.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'),
        ("a.json", b"[" * 100_000),
        ("", b"id\n1\n"),
    ],
)
def test_a_file_that_is_not_what_it_says_brings_nothing(client: httpx.Client, name: str, content: bytes) -> None:
    response = upload(client, name, content)

    if response.status_code == 200:
        report: dict[str, Any] = response.json()
        assert report["created"] == 0
    else:
        refused(response, 400, 413, 422)


def test_a_picture_that_unpacks_to_gigabytes_is_rejected(client: httpx.Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("keepsake.png", an_image_bomb())

    response = upload(client, "pictures.zip", packed.getvalue(), kind="images")

    if response.status_code == 200:
        assert response.json()["created"] == 0
    else:
        refused(response, 400, 413, 422)


def test_a_header_that_is_no_header_does_no_harm(server: RunningServer) -> None:
    with httpx.Client(base_url=server.api, trust_env=False) as client:
        for value in ("", "Bearer", "Basic x", "Bearer " + "x" * 5_000, "Bearer zg_sk_\u00ff"):
            answer = client.get("/products", headers={"Authorization": value.encode("latin-1")})  # type: ignore[dict-item]
            refused(answer, 400, 401, 429)
