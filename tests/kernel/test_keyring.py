"""Master keys by id: a ring that goes from one to the next, and services that keep the master key wrapped."""

from __future__ import annotations

import base64
import stat
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from zhanggui.kernel.cipher import (
    KEY_FILE,
    KEY_VARIABLE,
    WRAPPED_FILE,
    BadMasterKey,
    CommandKms,
    Keyring,
    KeyWrapper,
    KmsFailed,
    MasterKey,
    SubjectCipher,
    TransitKms,
    add_master_key,
    drop_master_keys,
    hold_keys,
    load_keyring,
    make_master_key,
    rewrap,
    turn_to,
    wrapped_elsewhere,
)
from zhanggui.kernel.db import Database
from zhanggui.kernel.egress import EgressDoor, EgressUse, UnregisteredHost

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


class Transit(BaseHTTPRequestHandler):
    """A transit engine with one key, which answers as Vault does."""

    key = MasterKey(bytes(range(64, 96)))

    def do_POST(self) -> None:
        body = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])))
        about = base64.b64decode(body["associated_data"])
        if self.headers["X-Vault-Token"] != "t0ken" or not self.path.endswith("/zhanggui"):
            self.answer(403, {"errors": ["permission denied"]})
        elif "/encrypt/" in self.path:
            wrapped = self.key.wrap(base64.b64decode(body["plaintext"]), about)
            self.answer(200, {"data": {"ciphertext": f"vault:v1:{base64.b64encode(wrapped).decode()}"}})
        else:
            clear = self.key.unwrap(base64.b64decode(body["ciphertext"].removeprefix("vault:v1:")), about)
            self.answer(200, {"data": {"plaintext": base64.b64encode(clear).decode()}})

    def answer(self, status: int, body: object) -> None:
        content = msgspec.json.encode(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def transit() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Transit)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/transit"
    server.shutdown()
    thread.join()
    server.server_close()


def a_transit(url: str, token: str = "t0ken", door: EgressDoor | None = None) -> TransitKms:
    return TransitKms(url=url, key="zhanggui", token=token, door=door or EgressDoor())


COMMAND = """
import base64, sys
line = sys.stdin.readline().strip()
print("kept-" + line if sys.argv[1] == "wrap" else line.removeprefix("kept-"))
"""


def test_what_a_service_wrapped_it_unwraps(transit: str) -> None:
    for kms in (a_transit(transit), CommandKms(command=(sys.executable, "-c", COMMAND))):
        port: KeyWrapper = kms
        wrapped = port.wrap(OLD, b"about")

        assert port.unwrap(wrapped, b"about") == OLD


def test_a_service_that_refuses_says_what_to_check(transit: str) -> None:
    with pytest.raises(KmsFailed, match="answered 403") as refused:
        a_transit(transit, token="another").wrap(OLD, b"about")

    assert "ZHANGGUI_KMS_TOKEN" in refused.value.hint


def test_a_program_that_fails_is_named() -> None:
    with pytest.raises(KmsFailed, match="ended with 3"):
        CommandKms(command=(sys.executable, "-c", "raise SystemExit(3)")).wrap(OLD, b"about")


def test_a_service_that_is_not_registered_is_not_called(transit: str) -> None:
    def nobody(host: str, use: EgressUse) -> None:
        raise UnregisteredHost.of(host, use)

    with pytest.raises(UnregisteredHost, match=r"127\.0\.0\.1"):
        a_transit(transit, door=EgressDoor(nobody)).wrap(OLD, b"about")


def test_a_master_key_that_a_service_wraps_lies_nowhere_open(tmp_path: Path, transit: str) -> None:
    kms = a_transit(transit)

    make_master_key(tmp_path, {}, kms)

    secret = load_keyring(tmp_path, {}, kms).newest.secret
    kept = (tmp_path / WRAPPED_FILE).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [WRAPPED_FILE]
    assert secret not in kept
    assert secret.hex().encode() not in kept
    assert base64.b64encode(secret) not in kept


def test_a_service_takes_over_from_a_file(tmp_path: Path, transit: str) -> None:
    make_master_key(tmp_path, {})
    first = load_keyring(tmp_path, {}).first.secret
    kms = a_transit(transit)

    add_master_key(tmp_path, kms)
    ring = load_keyring(tmp_path, {}, kms)
    drop_master_keys(tmp_path, ring.newest.secret, kms)

    assert ring.first.secret == first
    assert [key.secret for key in load_keyring(tmp_path, {}, kms).keys] == [ring.newest.secret]
    assert not (tmp_path / KEY_FILE).exists()


def test_a_file_of_several_keys_is_for_its_owner_only(tmp_path: Path) -> None:
    make_master_key(tmp_path, {})
    add_master_key(tmp_path)

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert len(load_keyring(tmp_path, {}).keys) == 2
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(BadMasterKey, match="can be read by other users"):
        load_keyring(tmp_path, {})


def test_a_variable_may_hold_the_next_key_behind_the_old(tmp_path: Path) -> None:
    ring = load_keyring(tmp_path, {KEY_VARIABLE: f"{OLD.hex()}, {base64.b64encode(NEW).decode()}"})

    assert [key.secret for key in ring.keys] == [OLD, NEW]


def test_a_rotation_leaves_every_name_readable_and_every_hash_what_it_was(any_database: Database) -> None:
    ring, both = Keyring.of(OLD), Keyring.of(OLD, NEW)
    before = SubjectCipher(ring)
    sealed = any_database.write(lambda db: before.seal_many(db, [(person, f"n{person}") for person in range(1, 8)]))
    any_database.write(lambda db: before.destroy(db, 3))
    any_database.write(lambda db: hold_keys(db, ring.first, is_new=False))
    found = SubjectCipher.over(any_database, ring).lookup_hash("phone", "13800138000")

    any_database.write(lambda db: turn_to(db, both, both.newest))
    steps = [(0, 0)]
    while steps[-1][0] is not None:
        steps.append(any_database.write(lambda db: rewrap(db, both, both.newest, after=steps[-1][0], limit=4)))

    after = SubjectCipher.over(any_database, Keyring.of(NEW))
    with any_database.read() as db:
        opened = after.open_many(db, list(zip(range(1, 8), sealed, strict=True)))
        left = wrapped_elsewhere(db, both.newest)
    assert opened == ["n1", "n2", None, "n4", "n5", "n6", "n7"]
    assert sum(count for _, count in steps) == 6
    assert left == 0
    assert after.lookup_hash("phone", "13800138000") == before.lookup_hash("phone", "13800138000") == found


def test_who_comes_after_the_turn_is_wrapped_by_the_new_key_even_in_a_process_that_knew_only_the_old(
    any_database: Database,
) -> None:
    known = [OLD]
    cipher = SubjectCipher(Keyring(lambda: known))
    both = Keyring.of(OLD, NEW)
    any_database.write(lambda db: cipher.seal(db, 1, "early"))

    known.append(NEW)
    any_database.write(lambda db: turn_to(db, both, both.newest))
    late = any_database.write(lambda db: cipher.seal(db, 2, "late"))

    with any_database.read() as db:
        assert SubjectCipher(Keyring.of(NEW)).open(db, 2, late) == "late"
        assert wrapped_elsewhere(db, both.newest) == 1


def test_a_key_destroyed_meanwhile_stays_destroyed(any_database: Database) -> None:
    both, cipher = Keyring.of(OLD, NEW), SubjectCipher(OLD)
    any_database.write(lambda db: cipher.seal(db, 1, "gone"))

    any_database.write(lambda db: cipher.destroy(db, 1))
    _, count = any_database.write(lambda db: rewrap(db, both, both.newest, after=0, limit=10))

    with any_database.read() as db:
        assert cipher.open_many(db, [(1, b"")]) == [None]
    assert count == 0


def test_a_new_store_has_a_lookup_key_that_no_master_key_leads_to(any_database: Database) -> None:
    any_database.write(lambda db: hold_keys(db, MasterKey(OLD), is_new=True))

    kept = SubjectCipher.over(any_database, Keyring.of(OLD))

    assert kept.lookup_hash("email", "a@b.example") != SubjectCipher(OLD).lookup_hash("email", "a@b.example")
