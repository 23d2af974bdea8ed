"""What shoppers write: reviews, planted fake ones, questions, and talks with customer service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import numpy as np

from zhanggui.shop.types import Answer, Question, Review

from .crowd import customer_id
from .plan import SimulationPlan
from .shelves import sentences
from .stock import Stock, day_start
from .trade import BoughtLine, Trade

RING = 12
"""Accounts that somebody pays to write fake reviews."""


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation; `role` is `customer` or `shop`."""

    role: str
    at: datetime
    text: str


class Conversation(msgspec.Struct, frozen=True):
    """A talk with customer service (会话)."""

    id: str
    customer_id: str | None
    order_id: str
    product_id: str
    messages: tuple[Message, ...]


class WrittenTruth(msgspec.Struct, frozen=True):
    """What is known about texts, by their id, and must stay out of the shop's sight."""

    fake_reviews: dict[str, str]  # id: praise or slander
    aspects: dict[str, tuple[tuple[str, str], ...]]  # id: (aspect, good or bad) in the order written
    intents: dict[str, str]  # of conversations


class Writings(msgspec.Struct, frozen=True):
    """All texts, each by time."""

    reviews: tuple[Review, ...]
    questions: tuple[Question, ...]
    conversations: tuple[Conversation, ...]
    truth: WrittenTruth


def write_all(plan: SimulationPlan, stock: Stock, sold: Trade, rng: np.random.Generator) -> Writings:
    """Everything that is written in the simulated days."""
    truth = WrittenTruth({}, {}, {})
    end = day_start(plan, plan.days)
    reviews = [*_reviews(plan, stock, sold.delivered, end, truth, rng), *_fakes(plan, stock, end, truth, rng)]
    return Writings(
        reviews=tuple(sorted(reviews, key=lambda each: (each.at, each.id))),
        questions=_questions(plan, stock, rng),
        conversations=_talks(stock, sold, end, truth, rng),
        truth=truth,
    )


def _pick(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _reviews(
    plan: SimulationPlan,
    stock: Stock,
    delivered: Sequence[BoughtLine],
    end: datetime,
    truth: WrittenTruth,
    rng: np.random.Generator,
) -> list[Review]:
    found: list[Review] = []
    for one in delivered:
        writes, wait, luck = rng.random(), rng.random(), rng.normal(0, 0.7)
        at = one.delivered_at + timedelta(days=round(0.2 + 9 * wait, 3))
        if writes >= plan.reviewing or at >= end:
            continue
        liked = 4.1 + 0.18 * (one.match - 2) + 0.5 * stock.quality[one.product] - 1.1 * one.is_late + luck
        stars = int(np.clip(round(liked), 1, 5))
        id_ = f"rv-{one.order.id}-{one.line.id}"
        text, truth.aspects[id_] = _text(stock, one, stars, rng)
        found.append(
            Review(
                id=id_,
                product_id=one.line.product_id,
                customer_id=one.order.customer_id,
                order_id=one.order.id,
                stars=stars,
                text=text,
                at=at,
            )
        )
    return found


def _text(
    stock: Stock, one: BoughtLine, stars: int, rng: np.random.Generator
) -> tuple[str, tuple[tuple[str, str], ...]]:
    words = sentences()
    department = stock.products[one.product].category[0]
    others = [aspect for aspect in ("物流", "价格", "服务") if rng.random() < 0.3]
    aspects = [department, *others]
    if one.is_late and "物流" not in aspects:
        aspects.append("物流")
    parts: list[str] = []
    told: list[tuple[str, str]] = []
    for aspect in aspects:
        is_good = not (aspect == "物流" and one.is_late) and bool(
            rng.random() < (0.03, 0.08, 0.2, 0.55, 0.88, 0.97)[stars]
        )
        parts.append(_pick((words.good if is_good else words.bad)[aspect], rng))
        told.append((aspect, "good" if is_good else "bad"))
    opener = _pick(words.openers, rng).format(noun=stock.nouns[one.product])
    glue = _pick(("，", "。", "，", "！", " "), rng)
    return f"{opener}{glue.join(parts)}。{_pick(words.closers, rng)}", tuple(told)


def _fakes(
    plan: SimulationPlan, stock: Stock, end: datetime, truth: WrittenTruth, rng: np.random.Generator
) -> list[Review]:
    """Bursts of bought praise, and now and then of slander, by a ring of a few accounts that bought nothing."""
    words = sentences()
    ring = rng.integers(0, plan.customers, RING)
    found: list[Review] = []
    for product in np.flatnonzero(rng.random(plan.products) < plan.fake_products):
        kind = "praise" if rng.random() < 0.75 else "slander"
        first = end - timedelta(days=float(rng.uniform(2, max(2.0, plan.days - 1.0))))
        for k in range(int(rng.integers(5, 16))):
            id_ = f"rv-x{product + 1:05d}-{k + 1}"
            text = _pick(words.fake_praise if kind == "praise" else words.fake_slander, rng)
            at = first + timedelta(hours=round(float(rng.uniform(0, 40)), 2))
            truth.fake_reviews[id_] = kind
            found.append(
                Review(
                    id=id_,
                    product_id=stock.products[product].id,
                    customer_id=customer_id(int(ring[int(rng.integers(RING))])),
                    stars=5 if kind == "praise" else 1,
                    text=text.format(noun=stock.nouns[product]),
                    at=at,
                )
            )
    return found


def _questions(plan: SimulationPlan, stock: Stock, rng: np.random.Generator) -> tuple[Question, ...]:
    words = sentences()
    found: list[Question] = []
    for product in np.flatnonzero(rng.random(plan.products) < 0.35):
        for k in range(int(rng.integers(1, 4))):
            asked, answer = words.questions[int(rng.integers(len(words.questions)))]
            at = day_start(plan, 0) + timedelta(days=round(float(rng.uniform(0, plan.days - 0.1)), 3))
            id_ = f"q-{product + 1:05d}-{k + 1}"
            answers = (Answer(id=f"{id_}-1", text=answer, at=at + timedelta(hours=2)),) if rng.random() < 0.8 else ()
            found.append(
                Question(
                    id=id_,
                    product_id=stock.products[product].id,
                    customer_id=customer_id(int(rng.integers(plan.customers))),
                    text=asked.format(noun=stock.nouns[product]),
                    at=at,
                    answers=answers,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.at, each.id)))


def _talks(
    stock: Stock, sold: Trade, end: datetime, truth: WrittenTruth, rng: np.random.Generator
) -> tuple[Conversation, ...]:
    words = sentences()
    numbers = {product.id: n for n, product in enumerate(stock.products)}
    found: list[Conversation] = []
    for order in sold.orders:
        at = order.at + timedelta(hours=round(float(rng.uniform(1, 90)), 2))
        if rng.random() >= 0.05 or at >= end - timedelta(hours=1):
            continue
        talk = words.talks[int(rng.integers(len(words.talks)))]
        product = order.lines[0].product_id
        messages = tuple(
            Message(
                ("customer", "shop")[k % 2],
                at + timedelta(minutes=2 * k),
                line.format(order=order.id, noun=stock.nouns[numbers[product]]),
            )
            for k, line in enumerate(talk.lines)
        )
        id_ = f"t{len(found) + 1:06d}"
        truth.intents[id_] = talk.intent
        found.append(Conversation(id_, order.customer_id, order.id, product, messages))
    return tuple(found)
