from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.app.http.cursors import BadCursor, Cursors

CURSORS = Cursors(b"x" * 32)


@given(st.text(max_size=300), st.text(max_size=50))
def test_a_cursor_opens_to_what_was_sealed(key: str, listing: str) -> None:
    assert CURSORS.open(CURSORS.seal(key, listing=listing), listing=listing) == key


@pytest.mark.parametrize(
    "forged",
    ["", "x", "龙井", "A" * 64, "!!!!", pytest.param(CURSORS.seal("p7", listing="a")[:-3] + "AAA", id="another end")],
)
def test_a_forged_cursor_is_refused(forged: str) -> None:
    with pytest.raises(BadCursor):
        CURSORS.open(forged, listing="a")


def test_a_cursor_of_another_listing_or_installation_is_refused() -> None:
    cursor = CURSORS.seal("p7", listing="teahouse/products")

    for cursors, listing in [(CURSORS, "bookshop/products"), (Cursors(b"y" * 32), "teahouse/products")]:
        with pytest.raises(BadCursor):
            cursors.open(cursor, listing=listing)
