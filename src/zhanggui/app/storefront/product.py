"""A product's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.kernel.errors import NotFound
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.words import named, words
from zhanggui.shop import EventContext, EventName, Offer, Product, ProductState, Review
from zhanggui.shop.engines.buying import offers_in_force, offers_of_variant

from .categories import category_at
from .chips import chips_of
from .goods import kind_of, pictures_of, variant_name
from .plotting import Plot, plotted
from .pricing import FEW, Standing, price_steps, standing_among
from .shell import Storefront
from .shelves import GOES_WITH, SIMILAR, shelf_of

REVIEWS_READ, REVIEWS_SHOWN, QUESTIONS_SHOWN = 500, 6, 6
SURFACES = frozenset(
    {"home", "plan", "similar", "goes_with", "new", "category", "all", "search", "popular", "cart", "label"}
)


class NotHere(NotFound):
    """The shop does not sell this, or no longer."""

    code = "storefront.not_here"


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant as a shopper chooses it."""

    id: str
    name: str
    standing: Standing | None

    @property
    def can_be_bought(self) -> bool:
        """Whether there is a price and at least one unit."""
        return self.standing is not None and self.standing.units != 0


@dataclass(frozen=True, slots=True)
class Said:
    """What customers say: the mean of the stars, how many reviews, and the newest."""

    mean: float
    count: int
    newest: Sequence[Review]


@get("/shop/{shop:str}/p/{product_id:str}", include_in_schema=False, sync_to_thread=True)
def product(store: NamedDependency[Storefront], product_id: FromPath[str]) -> Response[str]:
    """The page of a product; the visit is told once."""
    found = sold(store, product_id)
    _tell(store, product_id)
    text = found.texts.get(store.language) or next(iter(found.texts.values()))
    offers = store.rooms.catalogue.offers([product_id])
    choices = _choices(store, found, offers)
    earned = chips_of(store.rooms, store.view, [product_id]).get(product_id, ())
    chosen = next((one for one in choices if one.can_be_bought), choices[0])
    query = store.view.query
    less, at, on = query.get("less", ""), query.get("at", ""), query.get("shelf", "")
    shelves = [
        shelf_of(store, surface, product_id, less=less if on == surface else "", at=at)
        for surface in (GOES_WITH, SIMILAR)
    ]
    return store.page(
        "product.html",
        current="product",
        product=found,
        text=text,
        pictures=pictures_of(found),
        way=category_at(store.categories, "/".join(part.casefold() for part in found.category)),
        choices=choices,
        chosen=chosen,
        price=store.goods.price(chosen.standing.price_minor, chosen.standing.currency) if chosen.standing else None,
        stock=stock_words(store, chosen.standing),
        plot=_plot(store, chosen, offers),
        labels=[named(label.label, store.language) for label in store.rooms.catalogue.labels([product_id])],
        earned=earned,
        kind=kind_of(found, store.view),
        link=found.link if found.link.startswith(("https://", "http://", "/")) else "",
        said=_said(store, product_id),
        questions=store.rooms.words.questions(
            product_id, limit=QUESTIONS_SHOWN, purpose=Purpose.SERVICE, is_public=True
        ),
        shelves=shelves,
    )


def sold(store: Storefront, product_id: str) -> Product:
    """A product that the shop shows.

    Raises:
        NotHere: there is none of that id, or it is gone.
    """
    found = store.rooms.catalogue.products_of([product_id]).get(product_id)
    if found is None or found.state is ProductState.GONE:
        raise NotHere("The shop does not sell this, or no longer.")
    return found


def stock_words(store: Storefront, standing: Standing | None) -> str:
    """The stock as one says it across a counter."""
    if standing is None or standing.units == 0:
        return store.view._("Sold out for now")
    if standing.units is not None and standing.units <= FEW:
        return words(store.language).ngettext("%(n)s left", "%(n)s left", standing.units) % {"n": standing.units}
    return store.view._("In stock now")


def _choices(store: Storefront, found: Product, offers: Sequence[Offer]) -> list[Choice]:
    now, is_active = store.rooms.clock(), found.state is ProductState.ACTIVE
    ids = [variant.id for variant in found.variants] or [""]
    names = [variant_name(variant, store.language) for variant in found.variants] or [""]
    return [
        Choice(id_, name, standing_among(offers, id_ or None, now) if is_active else None)
        for id_, name in zip(ids, names, strict=True)
    ]


def _plot(store: Storefront, chosen: Choice, offers: Sequence[Offer]) -> Plot | None:
    held = offers_of_variant(offers_in_force(offers, store.rooms.clock()), chosen.id or None)
    steps = price_steps(store.rooms, held[0]) if held else []
    return plotted(steps, store.rooms.clock()) if steps else None


def _said(store: Storefront, product_id: str) -> Said | None:
    reviews = store.rooms.words.reviews(product_id, limit=REVIEWS_READ, purpose=Purpose.SERVICE)
    stars = [review.stars for review in reviews if review.stars is not None]
    if not reviews:
        return None
    mean = sum(stars) / len(stars) if stars else 0.0
    newest = sorted((one for one in reviews if one.text), key=lambda one: one.at, reverse=True)
    return Said(mean, len(reviews), store.rooms.words.published(newest[:REVIEWS_SHOWN]))


def _tell(store: Storefront, product_id: str) -> None:
    """The click that led here, where a list of ours was clicked, and the view."""
    query = store.view.query
    on = query.get("on", "")
    at = query.get("at", "")
    acts: list[tuple[EventName, str, dict[str, object]]] = []
    context = EventContext(surface=on if on in SURFACES else "product")
    if on in SURFACES and "less" not in query:
        position = min(int(at), 1000) if at.isascii() and at.isdigit() and len(at) < 5 else None
        context = EventContext(surface=on, position=position, list_id=query.get("list", "")[:64])
        key = f"{product_id}:{context.list_id}:{on}"
        acts.append((EventName.SELECT_ITEM, key, {"product_id": product_id, "context": context}))
    acts.append((EventName.VIEW_ITEM, product_id, {"product_id": product_id, "context": context}))
    store.teller.tell_all(acts)


PRODUCT_ROUTES = (product,)
