"""What the console calls a place of lists is one that the recommender knows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from zhanggui.app.console import reasons, rules
from zhanggui.recommend.service.surfaces import KNOWN


@pytest.mark.parametrize("named", [reasons.SURFACES, rules.SURFACES])
def test_the_console_names_no_surface_that_the_recommender_does_not_know(named: Mapping[str, str]) -> None:
    assert set(named) - {""} <= KNOWN
