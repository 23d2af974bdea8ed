from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.slices import sliced


@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_slices_are_full_but_for_the_last_and_lose_nothing(things: list[int], size: int) -> None:
    parts = list(sliced(things, size))

    assert [one for part in parts for one in part] == things
    assert [len(part) for part in parts[:-1]] == [size] * (len(parts) - 1 if parts else 0)
    assert all(0 < len(part) <= size for part in parts)
