"""A process that dies while it cleans loses nothing: rows stay gone, the next run ends what was begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.app.builders import an_installation
from tests.trust.persons.planting import CONTRACT, NOW, opened

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.shop import Customer, Identifiers
from zhanggui.trust.errors import UnknownPerson
from zhanggui.trust.types.persons import Ground

PHONE = "13912345071"


class Killed(BaseException):
    """Stands for the end of the process."""


@dataclass
class Dying:
    """A trail in which the process dies, the first times."""

    lives: int
    name: str = "dying"
    seen: list[KnownPerson] = field(default_factory=list)

    def clean(self, person: KnownPerson) -> int:
        self.seen.append(person)
        self.lives -= 1
        if self.lives >= 0:
            raise Killed
        return 1


@dataclass
class DiesAtScrub:
    """A store whose process dies before it was written anew."""

    inner: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def scrub(self) -> None:
        raise Killed


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened(an_installation(tmp_path_factory.mktemp("kill"), clock=lambda: NOW)) as rooms:
        people = [Customer(id=id_, identifiers=Identifiers(phone=PHONE)) for id_ in ("one", "two")]
        rooms.people.put_customers(people, CONTRACT)
        yield rooms


def quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def test_trails_begin_again_and_the_receipt_says_how_far_it_is(rooms: Rooms) -> None:
    trail = Dying(lives=2)
    cleaning = replace(rooms.cleaning, trails=(*rooms.cleaning.trails, trail))
    receipt = rooms.persons.erase(customer_id="one", actor="user:li", ground=Ground.ASKED)
    for _ in range(2):
        with pytest.raises(Killed):
            cleaning.run(quiet, lambda: False)
        assert rooms.persons.receipt(receipt.id).state == "cleaning"
        assert PHONE.encode() not in b"".join(path.read_bytes() for path in rooms.folder.glob("shop.db*"))
        with pytest.raises(UnknownPerson):
            rooms.persons.export(customer_id="one", actor="user:li")

    assert cleaning.run(quiet, lambda: False) == 1

    done = rooms.persons.receipt(receipt.id)
    assert (done.state, done.done_at, done.trails["dying"]) == ("done", NOW, 1)
    assert {PHONE in person.words for person in trail.seen} == {True}
    assert cleaning.run(quiet, lambda: False) == 0


def test_a_death_before_the_store_is_written_anew_is_made_up_for(rooms: Rooms) -> None:
    receipt = rooms.persons.erase(customer_id="two", actor="user:li", ground=Ground.ASKED)
    with pytest.raises(Killed):
        replace(rooms.cleaning, db=DiesAtScrub(rooms.db)).run(quiet, lambda: False)

    assert rooms.cleaning.run(quiet, lambda: False) == 1

    assert rooms.persons.receipt(receipt.id).state == "done"
    assert rooms.db.peek("SELECT count(*) FROM subject_keys WHERE person < 0") == (0,)


def test_who_is_told_to_stop_stops_between_trails(rooms: Rooms) -> None:
    rooms.people.put_customers([Customer(id="three")], CONTRACT)
    receipt = rooms.persons.erase(customer_id="three", actor="user:li", ground=Ground.ASKED)

    assert rooms.cleaning.run(quiet, lambda: True) == 0
    assert rooms.persons.receipt(receipt.id).state == "cleaning"
    assert rooms.cleaning.run(quiet, lambda: False) == 1
