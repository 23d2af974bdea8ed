"""The log of served lists gives back what it was given."""

from __future__ import annotations

import struct

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables.events import add_served, served_of
from zhanggui.shop.types.accepting import ServedList

CHANCES = st.floats(0, 1, width=32)


@st.composite
def lists(draw: st.DrawFn) -> ServedList:
    products = tuple(draw(st.lists(st.integers(1, 2**31 - 1), max_size=12)))
    known = draw(st.booleans())
    return ServedList(
        id=new_id(),
        person=draw(st.integers(0, 2**40)),
        surface=draw(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)),
        at_ms=draw(st.integers(0, 2**42)),
        products=products,
        propensities=tuple(draw(st.lists(CHANCES, min_size=len(products), max_size=len(products)))) if known else (),
        model=draw(st.sampled_from(("", "m1"))),
    )


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_lists=st.lists(lists(), max_size=6))
def test_lists_written_together_are_read_back_as_they_were(
    any_database: Database, given_lists: list[ServedList]
) -> None:
    any_database.write(lambda db: add_served(db, given_lists))

    with any_database.read() as db:
        assert [served_of(db, one.id, purpose=Purpose.SERVICE) for one in given_lists] == given_lists


def test_a_list_keeps_chances_as_singles(any_database: Database) -> None:
    chance = 1 / 3
    one = ServedList(id=new_id(), person=1, surface="home", at_ms=5, products=(7,), propensities=(chance,))

    any_database.write(lambda db: add_served(db, [one]))

    with any_database.read() as db:
        kept = served_of(db, one.id, purpose=Purpose.SERVICE)
    assert kept is not None
    assert kept.propensities == struct.unpack("<f", struct.pack("<f", chance))
