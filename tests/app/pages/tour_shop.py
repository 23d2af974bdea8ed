"""A small invented shop for the tests of the tour, and a visitor who reads its pages and sends their forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import FeatureSettings, Settings
from zhanggui.shop import Customer, Event, EventName, LegalBasis, Offer, Product, ProductText
from zhanggui.trust import Author, ProposalDraft, Rationale

KINDS = {"tea": "茶", "cake": "糕点", "lamp": "灯", "sock": "袜子"}
EACH = 8
TOUR = FeatureSettings(tour=True)


def a_tour_shop(folder: Path, features: FeatureSettings = TOUR, *, is_invented: bool = True) -> Settings:
    """Four kinds of goods, two invented customers of different taste, and one proposal in the ledger."""
    settings = an_installation(folder, features=features)
    with open_rooms(SHOP, settings) as rooms:
        if is_invented:
            rooms.simulator.truth_folder.mkdir(parents=True)
        agree(rooms.consents, SIMULATED)
        _furnish(rooms)
    return settings


def _furnish(rooms: Rooms) -> None:
    ids = [f"{kind}-{n}" for kind in KINDS for n in range(EACH)]
    rooms.catalogue.put_products(
        [
            Product(
                id=id_,
                texts={"zh": ProductText(title=f"{KINDS[id_[:-2]]} {id_[-1]} 号"), "en": ProductText(title=id_)},
                category=(KINDS[id_[:-2]],),
                keywords=(KINDS[id_[:-2]],),
            )
            for id_ in ids
        ]
    )
    prices = [Offer(product_id=id_, price_minor=1000 + 100 * n, on_hand=50) for n, id_ in enumerate(ids)]
    rooms.catalogue.put_offers(prices)
    rooms.people.put_customers([Customer(id="a"), Customer(id="b")], LegalBasis(kind="consent", notice=SIMULATED))
    at = system_clock() - timedelta(hours=2)
    seen = [("a", f"tea-{n}") for n in range(5)] + [("b", f"sock-{n}") for n in range(5)]
    rooms.events.accept(
        [
            Event(id=f"e-{who}-{id_}", name=EventName.ADD_TO_CART, at=at, customer_id=who, product_id=id_)
            for who, id_ in seen
        ]
    )
    draft = ProposalDraft(
        kind="shop.reprice_offer",
        subject="tea-0",
        change={"price_minor": 990},
        reason=Rationale(code="test"),
        author=Author(name="anna"),
    )
    rooms.proposals.propose([draft])


@dataclass
class Visitor:
    """A browser without JavaScript."""

    client: Any
    language: str = "zh"

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, headers={"accept-language": self.language})
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def post(self, path: str, status: int = 303, files: Any = None, **fields: Any) -> Any:
        page = self.get("/tour/file")
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None
        answer = self.client.post(path, data={"csrf": found[1], **fields}, files=files, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return answer

    def follow(self, answer: Any) -> str:
        return self.get(answer.headers["location"].partition("#")[0])

    def shelf(self) -> list[str]:
        return re.findall(r'<li class="good" data-product="([^"]+)"', self.get("/tour/learn"))
