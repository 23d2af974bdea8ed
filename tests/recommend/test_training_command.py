"""`zhanggui train` on the command line: how it ended, and what became of the networks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cyclopts import App
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import UnknownModel
from zhanggui.recommend.commands.models import model_commands
from zhanggui.recommend.service.training import method_choice


def test_a_training_tells_which_networks_were_tried_and_why_they_are_not_in(
    sqlite: Database,
    tmp_path: Path,
    clock: FixedClock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(method_choice, "LEAST_OCCASIONS", 10)
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)

    app = commands_of(shop)
    assert app(["train", "teahouse", "--quiet"], exit_on_error=False) == 0

    summary, *networks = capsys.readouterr().out.splitlines()
    assert "is in service" in summary
    assert networks == [
        "Networks: apr, rec-vae, mult-vae, sasrec: too few events, or too short histories, to teach a network."
    ]


def test_what_was_tried_before_any_training_says_how_to_train(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    app = commands_of(TestShop(sqlite, tmp_path / "models", clock))

    with pytest.raises(UnknownModel, match="No model serves yet") as raised:
        app(["tried", "teahouse"], exit_on_error=False)

    assert raised.value.hint == "Train one: zhanggui train teahouse"


def commands_of(shop: TestShop) -> App:
    @contextmanager
    def open_room(_name: str) -> Iterator[TestShop]:
        yield shop

    app = App(name="recommend", result_action="return_value")
    model_commands(app, open_room)  # type: ignore[arg-type]
    return app
