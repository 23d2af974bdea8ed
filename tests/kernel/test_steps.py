"""Steps of a part of the work, told as steps of the whole."""

from __future__ import annotations

from zhanggui.kernel.steps import between


def test_a_part_of_the_work_moves_between_its_ends() -> None:
    heard: list[tuple[int, int]] = []
    part = between(lambda done, of: heard.append((done, of)), 10, 50)

    for done in (0, 1, 2, 4):
        part(done, 4)
    part(5, 4)
    part(0, 0)

    assert heard == [(10, 100), (20, 100), (30, 100), (50, 100), (50, 100), (10, 100)]
