"""The datasheet of a model on its page, and a training that its gate stopped: in words, on pages and command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Product, ProductText
from zhanggui.shop.simulate import SimulationPlan

PAGE = f"/console/{SHOP}/models"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A shop with a model, and a training that was stopped after it."""
    settings = an_installation(tmp_path_factory.mktemp("datasheet"), SHOP)
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=30, customers=60, days=20)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
        rooms.recommend.train()
        forbidden = Product(id="仿真枪", texts={"zh": ProductText(title="仿真枪 玩具")}, category=("玩具",))
        rooms.catalogue.put_products([forbidden])
    with open_control(settings) as control:
        control.users.add("owner", roles={SHOP: "owner"})
    return settings


@pytest.fixture(scope="module")
def stopped(settings: Settings) -> str:
    """What the command line says of the training that was stopped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHANGGUI_HOME", str(settings.home))
        assert run(["train", SHOP, "--quiet"]) == 3
    with open_rooms(SHOP, settings) as rooms:
        return next(card.id for card in rooms.recommend.model_cards() if card.state == "refused")


@pytest.fixture(scope="module")
def client(settings: Settings, stopped: str) -> Iterator[TestClient[Any]]:
    with TestClient(create_app(settings)) as client:
        with open_control(settings) as control:
            link = control.users.login_link("owner")
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        yield client


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Datasheet of its training set", "Consent", "Passed")), ("zh", ("训练数据说明", "同意", "通过"))],
)
def test_the_page_of_a_model_shows_its_datasheet(
    client: TestClient[Any], settings: Settings, language: str, words: tuple[str, ...]
) -> None:
    with open_rooms(SHOP, settings) as rooms:
        serving = next(card.id for card in rooms.recommend.model_cards() if card.state == "current")

    page = client.get(f"{PAGE}/{serving}", headers={"accept-language": language}).text

    assert all(word in page for word in words)
    asked = client.get(f"{PAGE}/{serving}?check-sort=check", headers={"accept-language": language}).text
    folded = [re.search(r'<details( open)?><summary[^>]*><h2 id="h-sheet"', one) for one in (page, asked)]
    assert [found and found[1] for found in folded] == [None, " open"]


@pytest.mark.parametrize(
    ("language", "word"), [("en", "did not pass a check. Forbidden goods"), ("zh", "没有通过检查。违禁商品")]
)
def test_a_training_that_was_stopped_says_why_on_both_pages(
    client: TestClient[Any], stopped: str, language: str, word: str
) -> None:
    for path in (PAGE, f"{PAGE}/{stopped}"):
        page = client.get(path, headers={"accept-language": language})
        assert page.status_code == 200
        assert word in page.text


def test_the_model_before_serves_on(settings: Settings, stopped: str) -> None:
    with open_rooms(SHOP, settings) as rooms:
        assert [card.state for card in rooms.recommend.model_cards() if card.id != stopped] == ["current"]
        assert rooms.recommend.popular(k=3).model not in ("untrained", stopped)
