"""Whoever adds a table about people cannot forget that it must be given and taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from tests.app.builders import an_installation
from tests.trust.persons.planting import NOW, opened

from zhanggui.app.console.persons import TABLES, TRAILS
from zhanggui.app.migrations.every_table import metadata_of
from zhanggui.app.rooms import Rooms

PERSON = {"person", "customer", "visitor", "person_number"}
KEPT = {"erasures", "erased_ids"}
"""What an erasure itself leaves: neither names anybody."""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened(an_installation(tmp_path_factory.mktemp("stores"), clock=lambda: NOW)) as rooms:
        yield rooms


def test_every_table_with_a_person_in_it_is_answered_for_once(rooms: Rooms) -> None:
    tables = metadata_of("shop").tables
    personal = {
        name
        for name, table in tables.items()
        if table.info.get("personal") or PERSON.intersection(column.name for column in table.columns)
    }
    named = Counter(table for store in rooms.persons.stores for table in store.tables)

    assert {name: count for name, count in named.items() if count > 1} == {}
    assert personal - KEPT - named.keys() == set(), "a store of persons must answer for it: see trust/ports.py"
    assert named.keys() - tables.keys() == set()


def test_every_store_and_trail_has_a_name_of_its_own(rooms: Rooms) -> None:
    names = [store.name for store in rooms.persons.stores] + [trail.name for trail in rooms.cleaning.trails]

    assert len(names) == len(set(names))


def test_the_page_of_an_erasure_has_words_for_every_table_of_every_store(rooms: Rooms) -> None:
    named = {table for store in rooms.persons.stores for table in store.tables}

    assert named - TABLES.keys() == set(), "give it words in app/console/persons.py"
    assert TABLES.keys() - named == set(), "no store answers for it any more"


def test_the_page_of_an_erasure_has_words_for_every_trail(rooms: Rooms) -> None:
    assert {trail.name for trail in rooms.cleaning.trails} == TRAILS.keys()
