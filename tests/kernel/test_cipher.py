from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhanggui.kernel.cipher import (
    KEY_FILE,
    KEY_VARIABLE,
    BadMasterKey,
    ErasedSubject,
    SealBroken,
    SubjectCipher,
    load_master_key,
    make_master_key,
    mark_of,
    normalise_identifier,
    subject_keys,
)
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Cipher

MASTER = bytes(range(32))


@pytest.fixture
def db(any_database: Database) -> Database:
    return any_database


def test_what_was_sealed_opens_for_the_same_person(db: Database) -> None:
    cipher: Cipher = SubjectCipher(MASTER)

    sealed = db.write(lambda c: cipher.seal(c, 7, "王小明"))

    with db.read() as c:
        assert cipher.open(c, 7, sealed) == "王小明"
    assert "王小明".encode() not in sealed


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(1, 50), st.text(max_size=60)), max_size=20))
def test_many_seal_and_open_in_their_order(db: Database, pairs: list[tuple[int, str]]) -> None:
    cipher = SubjectCipher(MASTER)

    sealed = db.write(lambda c: cipher.seal_many(c, pairs))

    with db.read() as c:
        opened = cipher.open_many(c, [(person, value) for (person, _), value in zip(pairs, sealed, strict=True)])
    assert opened == [text for _, text in pairs]


def test_more_persons_than_one_statement_carries(db: Database) -> None:
    cipher = SubjectCipher(MASTER)
    pairs = [(person, str(person)) for person in range(1, 1202)]

    sealed = db.write(lambda c: cipher.seal_many(c, pairs))

    with db.read() as c:
        assert cipher.open(c, 1201, sealed[-1]) == "1201"


def test_a_value_moved_to_another_person_does_not_open(db: Database) -> None:
    cipher = SubjectCipher(MASTER)
    sealed, _ = db.write(lambda c: cipher.seal_many(c, [(1, "a"), (2, "b")]))

    with db.read() as c, pytest.raises(SealBroken):
        cipher.open(c, 2, sealed)


@pytest.mark.parametrize("at", [0, 1, 13, -1])
def test_a_changed_byte_is_noticed(db: Database, at: int) -> None:
    cipher = SubjectCipher(MASTER)
    sealed = bytearray(db.write(lambda c: cipher.seal(c, 1, "13800138000")))
    sealed[at] ^= 1

    with db.read() as c, pytest.raises(SealBroken):
        cipher.open(c, 1, bytes(sealed))


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x01" * 12, b"\x01" * 20])
def test_truncated_bytes_are_a_broken_seal(db: Database, junk: bytes) -> None:
    cipher = SubjectCipher(MASTER)
    db.write(lambda c: cipher.seal(c, 1, "x"))

    with db.read() as c, pytest.raises(SealBroken):
        cipher.open(c, 1, junk)


def test_an_erased_person_cannot_be_opened_nor_sealed_by_any_process(db: Database) -> None:
    here, elsewhere = SubjectCipher(MASTER), SubjectCipher(MASTER)
    sealed = db.write(lambda c: elsewhere.seal(c, 1, "x"))

    db.write(lambda c: here.destroy(c, 1))

    with db.read() as c:
        with pytest.raises(ErasedSubject):
            elsewhere.open(c, 1, sealed)
        assert elsewhere.open_many(c, [(1, sealed)]) == [None]
    with pytest.raises(ErasedSubject):
        db.write(lambda c: elsewhere.seal(c, 1, "y"))


def test_destroying_twice_or_without_a_key_is_the_same(db: Database) -> None:
    cipher = SubjectCipher(MASTER)

    db.write(lambda c: [cipher.destroy(c, 3), cipher.destroy(c, 3)])

    with db.read() as c:
        assert c.execute(sa.select(subject_keys)).all() == [(3, b"")]


def test_a_key_made_in_a_work_that_failed_is_not_used_again(db: Database) -> None:
    cipher = SubjectCipher(MASTER)

    def fails(c: sa.Connection) -> None:
        cipher.seal(c, 1, "lost")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        db.write(fails)
    sealed = db.write(lambda c: cipher.seal(c, 1, "kept"))
    with db.read() as c:
        assert SubjectCipher(MASTER).open(c, 1, sealed) == "kept"


def test_another_master_key_is_named_as_such(db: Database) -> None:
    sealed = db.write(lambda c: SubjectCipher(MASTER).seal(c, 1, "x"))

    with db.read() as c, pytest.raises(BadMasterKey):
        SubjectCipher(bytes(32)).open(c, 1, sealed)


@pytest.mark.parametrize(
    ("kind", "spellings", "normal"),
    [
        (
            "phone",
            ["138 0013 8000", "+86-138-0013-8000", "8613800138000", "１３８００１３８０００", "008613800138000"],
            "+8613800138000",
        ),
        ("phone", ["+44 20 7946 0000", "0044 20 7946 0000"], "+442079460000"),
        ("email", [" Ming@Example.COM ", "ming@example.com"], "ming@example.com"),
        ("wechat", ["MingMing", "mingming"], "mingming"),
    ],
)
def test_spellings_of_one_identifier_have_one_hash(kind: str, spellings: list[str], normal: str) -> None:
    cipher = SubjectCipher(MASTER)

    assert {normalise_identifier(kind, spelling) for spelling in spellings} == {normal}
    assert len({cipher.lookup_hash(kind, spelling) for spelling in spellings}) == 1


def test_the_hash_depends_on_the_kind_and_the_master_key() -> None:
    hashes = {
        SubjectCipher(MASTER).lookup_hash("email", "a@example.com"),
        SubjectCipher(MASTER).lookup_hash("platform", "a@example.com"),
        SubjectCipher(bytes(32)).lookup_hash("email", "a@example.com"),
    }

    assert len(hashes) == 3


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "shop"

    keys: list[bytes] = []

    def make_and_load() -> None:
        make_master_key(home, {})
        keys.append(load_master_key(home, {}))

    threads = [threading.Thread(target=make_and_load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    assert (home / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize(
    "text", [MASTER.hex(), base64.b64encode(MASTER).decode(), base64.urlsafe_b64encode(MASTER).decode().rstrip("=")]
)
def test_the_environment_goes_before_the_file(tmp_path: Path, text: str) -> None:
    assert load_master_key(tmp_path, {KEY_VARIABLE: text}) == MASTER
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize("text", ["abc", "!!!", "00" * 31, "ключ"])
def test_a_misshapen_key_is_refused_with_a_hint(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadMasterKey) as refused:
        load_master_key(tmp_path, {KEY_VARIABLE: text})

    assert "token_hex(32)" in refused.value.hint


def test_a_key_that_is_gone_is_told_with_what_it_opened_and_never_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(BadMasterKey, match=r"gone.*addresses") as refused:
        load_master_key(tmp_path, {})

    assert str(tmp_path / KEY_FILE) in refused.value.hint
    assert not (tmp_path / KEY_FILE).exists()


def test_no_file_is_made_beside_a_key_of_the_environment(tmp_path: Path) -> None:
    make_master_key(tmp_path, {KEY_VARIABLE: MASTER.hex()})

    assert not (tmp_path / KEY_FILE).exists()


def test_a_mark_tells_keys_apart() -> None:
    assert mark_of(MASTER) == mark_of(MASTER)
    assert mark_of(MASTER) != mark_of(bytes(32))


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    make_master_key(tmp_path, {})
    (tmp_path / KEY_FILE).chmod(0o644)

    with pytest.raises(BadMasterKey, match="other users"):
        load_master_key(tmp_path, {})
