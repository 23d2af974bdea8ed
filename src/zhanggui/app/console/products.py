"""Products: the list, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from zhanggui.app.web.phrases import Phrases
from zhanggui.app.web.spreadsheet import csv_stream
from zhanggui.app.web.tables import PER_PAGE, Column, TableAsk, TableRows
from zhanggui.kernel.money import to_decimal
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.words import named
from zhanggui.recommend import RankedProduct
from zhanggui.shop import Question, Review
from zhanggui.shop.types.browsing import ProductAsk, ProductRow

from .listing import PROPOSAL_STATES, STANDING_TONES, STANDINGS, Choice, choice, stored_picture
from .product_past import past_of
from .shell import Console

SORTS = ("id", "title", "category", "price", "stock", "sold", "state")
FIGURES = frozenset({"price", "stock", "sold"})
FEW = 5
MANY = 200
MOST_READ = 1_000
"""Of a product's reviews: more of them are not counted on its page."""


@get("/console/{shop:str}/products", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:read"})
def products(console: NamedDependency[Console]) -> Response[str]:
    """The list of products."""
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=("state", "category"))
    found = console.rooms.product_browsing.page(_product_ask(ask), console.view.language)
    _ = console.view._
    columns = [
        Column("title", _("Product")),
        Column("category", _("Category"), is_wide=True),
        Column("price", _("Price"), is_number=True),
        Column("stock", _("In stock"), is_number=True, is_wide=True),
        Column("sold", _("Sold in 30 days"), is_number=True, is_wide=True),
        Column("state", _("State")),
    ]
    return console.page(
        "shop/products.html",
        current="products",
        columns=columns,
        rows=TableRows(found.rows, found.total, ask),
        choices=_choices(console, ask),
        export=f"{console.base}/products.csv{ask.address()}",
        standings=STANDINGS,
        tones=STANDING_TONES,
        picture_of=stored_picture,
    )


@get("/console/{shop:str}/products.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:read"})
def products_csv(console: NamedDependency[Console]) -> Stream:
    """The same products as a file, all pages."""
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=("state", "category"))
    found = console.rooms.product_browsing.all(_product_ask(ask), console.view.language)
    currency = console.rooms.settings.shop.currency
    head = ("id", "title", "category", "price", "currency", "in_stock", "sold_30_days", "state")
    rows = (
        (
            row.id,
            row.title,
            row.category,
            None if row.price_minor is None else to_decimal(row.price_minor, currency),
            currency,
            row.available,
            row.sold,
            row.standing,
        )
        for row in found
    )
    return csv_stream("products", head, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people wrote about a product; shown to who may read what people wrote."""

    reviews: list[Review]
    count: int
    stars: float | None
    questions: list[Question]
    personal: frozenset[str]


@get(
    "/console/{shop:str}/products/{product_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:read"},
)
def product(console: NamedDependency[Console], product_id: FromPath[str]) -> Response[str]:
    """One product with all that is known of it."""
    rooms, language = console.rooms, console.view.language
    fact = rooms.catalogue.product(product_id)
    offers = rooms.catalogue.offers([product_id])
    alike = rooms.recommend.preview_similar(product_id, 6, language)
    return console.page(
        "shop/product.html",
        current="products",
        product=fact,
        row=rooms.product_browsing.row(product_id, language),
        picture=stored_picture(fact.images[0]) if fact.images else "",
        offers=offers,
        sees_costs=console.may("shop:manage"),
        sees_measures=console.may("recommend:measure"),
        labels=rooms.catalogue.labels([product_id]),
        rivals=rooms.catalogue.rival_prices([product_id])[: -FEW - 1 : -1] if console.may("shop:manage") else [],
        said=_said(console, product_id) if console.may("shop:people") else None,
        alike=_rows_of(console, alike),
        past=past_of(console, product_id, offers),
        say=Phrases(console.view).say,
        proposal_states=PROPOSAL_STATES,
        standings=STANDINGS,
        tones=STANDING_TONES,
        picture_of=stored_picture,
    )


def _product_ask(ask: TableAsk) -> ProductAsk:
    state = ask.filters.get("state")
    return ProductAsk(
        words=ask.search,
        category=ask.filters.get("category", ""),
        standing=state if state in STANDINGS else None,  # type: ignore[arg-type]
        sort=ask.sort,
        is_descending=ask.is_descending,
        offset=ask.offset,
        limit=PER_PAGE,
    )


def _choices(console: Console, ask: TableAsk) -> list[Choice]:
    _ = console.view._
    categories = tuple(
        (chip.key, named(chip.value, console.view.language))
        for chip in console.rooms.product_browsing.categories()[:MANY]
    )
    return [
        choice(console, "state", _("State"), STANDINGS, ask.filters.get("state", "")),
        Choice("category", _("Category"), categories, ask.filters.get("category", "")),
    ]


def _said(console: Console, product_id: str) -> Said:
    reviews = console.rooms.words.reviews(product_id, limit=MOST_READ, purpose=Purpose.SERVICE)
    stars = [review.stars for review in reviews if review.stars is not None]
    asked = console.rooms.words.questions(product_id, limit=MOST_READ, purpose=Purpose.SERVICE)
    shown = reviews[: -FEW - 1 : -1]
    return Said(
        reviews=shown,
        count=len(reviews),
        stars=sum(stars) / len(stars) if stars else None,
        questions=asked[: -FEW - 1 : -1],
        personal=frozenset(one.id for one in shown if console.rooms.guard.has_personal(one.text)),
    )


def _rows_of(console: Console, ranked: tuple[RankedProduct, ...]) -> list[tuple[ProductRow, str]]:
    """Products with the words why they stand beside this one."""
    rows = console.rooms.product_browsing.some([one.product_id for one in ranked], console.view.language)
    return list(zip(rows, [one.explanation for one in ranked], strict=True))


PRODUCT_ROUTES = (products, products_csv, product)
