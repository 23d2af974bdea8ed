"""Files that are there whole or not at all."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

from zhanggui.kernel.durable import whole_file


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(b"before")

    with whole_file(path) as file:
        file.write(b"after")
        assert path.read_bytes() == b"before"

    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_half_way_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(b"before")

    with suppress(MemoryError), whole_file(path) as file:
        file.write(b"af")
        raise MemoryError

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_of_one_path_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "card.json"

    with whole_file(path) as slow, whole_file(path) as quick:
        slow.write(b"slow")
        quick.write(b"quick")

    assert path.read_bytes() == b"slow"


def test_a_secret_is_its_owner_s_from_the_first_byte(tmp_path: Path) -> None:
    path = tmp_path / "key"

    with whole_file(path, mode=0o600) as file:
        (draft,) = tmp_path.iterdir()
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        file.write(b"secret")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
