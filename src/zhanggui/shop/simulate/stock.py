"""The goods of a simulated shop: what the shop sees of them, and the columns that the shoppers' world reckons with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from zhanggui.shop.types import Offer, Product, ProductLabel, ProductText, RivalPrice, Variant

from .plan import SimulationPlan
from .shelves import Pair, ShelfWords, attribute, goods, pair

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

SHOP_HOURS_EAST = 8
"""China keeps one time zone, without summer time."""
RIVALS = ("云岸优选", "千集超市", "青禾商城")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Columns over products, all of length n, in the order of `products`."""

    products: tuple[Product, ...]
    nouns: tuple[str, ...]  # the product's name in short, for what people write
    shelf: Longs
    brand: Longs
    style: Floats  # (n, styles), rows of length 1
    quality: Floats  # normal around 0; the truth behind the reviews
    usual_minor: Longs  # price when no week changes it
    cost_minor: Longs
    weekly_minor: Longs  # (weeks, n): the price asked in each week
    launch_day: Longs  # first simulated day on which it is for sale; 0 for old ones
    log_ratio: Floats  # log of the usual price over the shelf's usual price
    season: Floats  # (12, n): −1 to 1 by month


def day_start(plan: SimulationPlan, day: int) -> datetime:
    """The UTC moment at which a simulated day begins in the shop's time zone."""
    first = datetime.combine(plan.until, time(), tzinfo=UTC) - timedelta(days=plan.days, hours=SHOP_HOURS_EAST)
    return first + timedelta(days=day)


def stock_the_shelves(plan: SimulationPlan, rng: np.random.Generator) -> Stock:
    """Choose the products: shelves in turn, names without repeats while there are new ones."""
    n = plan.products
    words = goods()
    shelf = np.arange(n) % len(words.shelf)
    rng.shuffle(shelf)
    brand = rng.integers(0, len(words.brands), n)
    style = np.abs(rng.normal(0, 0.25, (n, len(words.styles))))
    style[np.arange(n), rng.integers(0, len(words.styles), n)] += 1
    style /= np.linalg.norm(style, axis=1, keepdims=True)
    log_ratio = 0.38 * rng.normal(size=n) + 0.3 * (style[:, 4] - style[:, 5])
    low, high = (np.array([each.price[end] for each in words.shelf])[shelf] for end in (0, 1))
    yuan = np.clip(np.sqrt(low * high) * np.exp(log_ratio), low, high)
    # Prices end in 9, as a merchant likes them.
    usual_minor = np.where(yuan < 50, np.round(yuan) * 100 - 10, np.round(yuan / 10) * 1000 - 100).astype(np.int64)
    launch_day = np.where(rng.random(n) < 0.1, rng.integers(1, plan.days + 1, n), 0)
    launch_day[launch_day >= plan.days] = 0
    products, nouns = _facts(plan, rng, shelf, brand, style, launch_day)
    return Stock(
        products=products,
        nouns=nouns,
        shelf=shelf,
        brand=brand,
        style=style,
        quality=rng.normal(0, 1, n),
        usual_minor=usual_minor,
        cost_minor=(usual_minor * rng.uniform(0.42, 0.72, n)).astype(np.int64),
        weekly_minor=_weekly_prices(plan, rng, usual_minor),
        launch_day=launch_day,
        log_ratio=np.log(usual_minor / 100 / np.sqrt(low * high)),
        season=np.stack([_in_season(month)[shelf] for month in range(1, 13)]),
    )


def _in_season(month: int) -> Floats:
    return np.array([1.0 if month in each.season else -0.35 for each in goods().shelf])


def _weekly_prices(plan: SimulationPlan, rng: np.random.Generator, usual_minor: Longs) -> Longs:
    """Each week some 15% of the products cost a little less or more: from this, elasticity can be learned."""
    weeks = -(-plan.days // 7)
    change = rng.choice([0.85, 0.92, 1.06], (weeks, len(usual_minor)))
    is_changed = rng.random((weeks, len(usual_minor))) < 0.15
    prices: Longs = np.where(is_changed, np.round(usual_minor * change / 10) * 10, usual_minor).astype(np.int64)
    return prices


def _facts(
    plan: SimulationPlan, rng: np.random.Generator, shelf: Longs, brand: Longs, style: Floats, launch_day: Longs
) -> tuple[tuple[Product, ...], tuple[str, ...]]:
    words = goods()
    brands, styles = [pair(each) for each in words.brands], [pair(each) for each in words.styles]
    used: set[str] = set()
    products: list[Product] = []
    nouns: list[str] = []
    for n in range(plan.products):
        shelf_words = words.shelf[shelf[n]]
        title, noun = _new_title(shelf_words, brands[brand[n]], rng, used)
        chosen = [(name, values[rng.integers(len(values))]) for name, values in map(attribute, shelf_words.attributes)]
        kind = styles[int(style[n].argmax())]
        keywords = [shelf_words.keywords[k] for k in np.sort(rng.permutation(len(shelf_words.keywords))[:3])]
        age_days = 0 if launch_day[n] else int(rng.integers(5, 700))
        products.append(
            Product(
                id=f"p{n + 1:05d}",
                texts={
                    "zh": ProductText(
                        title=title.zh,
                        description=f"{brands[brand[n]].zh}{noun.zh}，{'、'.join(keywords)}，适合{kind.zh}。",
                        attributes={name.zh: value.zh for name, value in chosen},
                    ),
                    "en": ProductText(
                        title=title.en,
                        description=f"{noun.en.capitalize()} by {brands[brand[n]].en}, {kind.en}.",
                        attributes={name.en: value.en for name, value in chosen},
                    ),
                },
                category=shelf_words.category,
                brand=brands[brand[n]].zh,
                keywords=(*keywords, kind.zh),
                variants=_variants(n, shelf_words),
                seller=words.sellers[brand[n] % len(words.sellers)],
                created_at=day_start(plan, int(launch_day[n]) - age_days),
            )
        )
        nouns.append(noun.zh)
    return tuple(products), tuple(nouns)


def _new_title(shelf: ShelfWords, brand: Pair, rng: np.random.Generator, used: set[str]) -> tuple[Pair, Pair]:
    for _ in range(40):
        noun, lead, tail = (pair(each[rng.integers(len(each))]) for each in (shelf.nouns, shelf.lead, shelf.tail))
        title = Pair(f"{brand.zh} {lead.zh}{noun.zh} {tail.zh}", f"{brand.en} {lead.en} {noun.en}, {tail.en}")
        if title.zh not in used:
            break
    else:
        title = Pair(f"{title.zh} {len(used) + 1}号", f"{title.en} No. {len(used) + 1}")
    used.add(title.zh)
    return title, noun


def _variants(n: int, shelf: ShelfWords) -> tuple[Variant, ...]:
    """One variant per value of the shelf's first option."""
    name, values = next(iter(shelf.options.items()))
    return tuple(
        # GS1 keeps the prefixes 20 to 29 for use inside a shop: no real article has such a barcode.
        Variant(id=f"p{n + 1:05d}-{k + 1}", options={name: value}, barcode=f"29{n + 1:08d}{k + 1:03d}")
        for k, value in enumerate(values)
    )


def offers_at(stock: Stock, prices_minor: Longs, on_hand: Longs) -> tuple[Offer, ...]:
    """The shop's offers when the simulation ends."""
    return tuple(
        Offer(
            product_id=product.id,
            price_minor=int(prices_minor[n]),
            list_price_minor=int(stock.usual_minor[n]),
            cost_minor=int(stock.cost_minor[n]),
            on_hand=int(on_hand[n]),
        )
        for n, product in enumerate(stock.products)
    )


def labels_of(stock: Stock) -> tuple[ProductLabel, ...]:
    """What the merchant says of a product: its style, and `新品` for launches."""
    found = [ProductLabel(product_id=each.id, label=each.keywords[-1]) for each in stock.products]
    new = np.flatnonzero(stock.launch_day > 0)
    found += [ProductLabel(product_id=stock.products[n].id, label="新品", evidence="launched lately") for n in new]
    return tuple(found)


def rival_prices_of(plan: SimulationPlan, stock: Stock, rng: np.random.Generator) -> tuple[RivalPrice, ...]:
    """Every second product is sold by rivals too, who change their prices on some Mondays."""
    watched = np.flatnonzero(rng.random(plan.products) < 0.5)
    found: list[RivalPrice] = []
    for n in watched:
        for rival in range(int(rng.integers(1, len(RIVALS) + 1))):
            level = float(np.exp(rng.normal(0.0, 0.09)))
            for day in range(int(rng.integers(0, 7)), plan.days, 14):
                level *= float(np.exp(rng.normal(0.0, 0.03)))
                price_minor = max(10, int(round(stock.usual_minor[n] * level, -1)))
                seen_at = day_start(plan, day) + timedelta(hours=6)
                found.append(
                    RivalPrice(
                        product_id=stock.products[n].id, rival=RIVALS[rival], price_minor=price_minor, seen_at=seen_at
                    )
                )
    return tuple(found)
