"""A small shop for the tests of the storefront, and a shopper who reads its pages and sends their forms."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import Settings, ShopSettings
from zhanggui.shop import Answer, Customer, LegalBasis, Offer, Product, ProductText, Question, Review, Variant

BASE = f"/shop/{SHOP}"
TEAS = ("longjing", "biluochun", "shoumei", "puer", "qimen", "dahongpao")
SNACKS = ("taosu", "guihuagao", "shanzha", "hetao", "guabzi", "mianbao")
TITLES = {"longjing": ("西湖龙井 100 克", "Longjing tea, 100 g")}


def a_furnished_shop(folder: Path, *, is_simulated: bool = True) -> Settings:
    """Twelve products with pictures, two invented customers and a real one, a review and an answered question."""
    settings = an_installation(folder, shop=ShopSettings(title="山月集"))
    with open_rooms(SHOP, settings) as rooms:
        _furnish(rooms)
        if is_simulated:
            rooms.simulator.truth_folder.mkdir(parents=True)
        agree(rooms.consents, SIMULATED)
    return settings


def _furnish(rooms: Rooms) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "#7a5").save(picture, "PNG")
    name = rooms.media.put(picture.getvalue())
    goods = [_a_product(id_, ("茶", "绿茶" if n < 3 else "红茶"), n, name) for n, id_ in enumerate(TEAS)]
    goods += [_a_product(id_, ("零食", "糕点"), n, name) for n, id_ in enumerate(SNACKS)]
    rooms.catalogue.put_products(goods)
    prices = {id_: 1000 * n for n, id_ in enumerate((*TEAS, *SNACKS), start=1)}
    rooms.catalogue.put_offers([Offer(product_id=id_, price_minor=price, on_hand=99) for id_, price in prices.items()])
    invented = LegalBasis(kind="consent", notice=SIMULATED)
    rooms.people.put_customers([Customer(id="c1", province="浙江"), Customer(id="c2")], invented)
    rooms.people.put_customers([Customer(id="real")], LegalBasis(kind="contract"))
    at = system_clock() - timedelta(days=3)
    rooms.words.put_reviews([Review(id="r1", product_id="longjing", stars=5, text="<b>清香</b>", at=at)])
    answer = Answer(id="a1", text="是的。", at=at)
    rooms.words.put_questions([Question(id="q1", product_id="longjing", text="是新茶吗？", at=at, answers=(answer,))])


def _a_product(id_: str, category: tuple[str, ...], n: int, picture: str) -> Product:
    zh, en = TITLES.get(id_, (f"商品 {id_}", f"Goods {id_}"))
    return Product(
        id=id_,
        texts={"zh": ProductText(title=zh), "en": ProductText(title=en)},
        category=category,
        keywords=(f"词{n % 3}",),
        images=(picture,),
        variants=(
            Variant(id=f"{id_}-s", options={"净含量": "50g"}),
            Variant(id=f"{id_}-l", options={"净含量": "100g"}),
        ),
    )


@dataclass
class Visitor:
    """A browser without JavaScript: pages, forms, cookies."""

    client: Any
    headers: dict[str, str] = field(default_factory=lambda: {"user-agent": "Mozilla/5.0", "accept-language": "zh"})

    @property
    def id(self) -> str:
        """The visitor that the server has given this browser."""
        return str(self.client.cookies.get("zg_visitor", domain="testserver.local", path="/"))

    def get(self, path: str = "", status: int = 200, **headers: str) -> str:
        answer = self.client.get(BASE + path, headers=self.headers | headers)
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def post(self, path: str, status: int = 303, **fields: Any) -> Any:
        token = {} if "csrf" in fields else {"csrf": self.token()}
        answer = self.client.post(BASE + path, data=token | fields, headers=self.headers, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return answer

    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/me"))
        assert found
        return found.group(1)

    def order(self, product: str = "longjing", quantity: str = "1") -> str:
        """Order one product; the path of the order."""
        self.post("/cart", product=product, quantity=quantity)
        form = self.get("/checkout")
        token = re.search(r'name="token" value="(\w+)"', form)
        assert token
        answer = self.post("/checkout", token=token.group(1), province="浙江", city_tier="1")
        return str(answer.headers["location"]).removeprefix(BASE)


def served_lists(page: str) -> dict[str, list[str]]:
    """The products of each list that was served to a page, in order, by the id of the list."""
    sections = re.split(r"<section(?= [^>]*data-list=)", page)[1:]
    parts = [part.partition("</section>")[0] for part in sections]
    ids = [re.findall(rf'<h3><a href="{BASE}/p/([^"?]+)', part) for part in parts]
    named = [re.search(r'data-list="(\w*)"', part) for part in parts]
    return {found[1]: shown for found, shown in zip(named, ids, strict=True) if found and shown}


def shelf_ids(page: str, surface: str = "home") -> list[str]:
    """The products of a shelf, in order."""
    shelf = page.partition(f'id="shelf-{surface}"')[2].partition("</section>")[0]
    return re.findall(r'<li class="good" data-id="([^"]+)"', shelf)
