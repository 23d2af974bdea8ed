"""Customers, returns, reviews, questions and events."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from zhanggui.kernel.ids import hash64
from zhanggui.shop.engines.event_admission import person_refusal
from zhanggui.shop.importers.choices import province_in
from zhanggui.shop.types import Customer, Event, OrderLine, Question, Return, Review

from .built import Built, Columns, F, Frame, Misfit, fact, first, moment_of, money, parted, records, whole_names
from .purchases import is_of_order, is_refund, order_of, return_of

_CONTEXT = ("surface", "position", "query", "campaign", "channel", "list_id", "province")


def _derived_id(prefix: str, *parts: object) -> str:
    """An id for a row that has none, the same each time the row comes."""
    return f"{prefix}:{hash64(chr(31).join(str(part) for part in parts)) & (2**64 - 1):016x}"


def build_customers(columns: Columns, _: list[int], frame: Frame) -> Built:
    """A customer a row."""
    built = Built()
    columns["name"] = whole_names(columns, len(columns["customer_id"]))
    for n, row in records(columns):
        address = row.get("address", "")
        names: dict[str, Any] = {name: row[name] for name in ("name", "phone", "email", "address") if name in row}
        if "nickname" in row:
            names["platform_ids"] = {"nickname": row["nickname"]}
        try:
            built.customers.append(
                fact(
                    Customer,
                    id=row["customer_id"],
                    identifiers=names,
                    province=row.get("province") or province_in(address),
                    city_tier=row.get("city_tier"),
                    age_band=row.get("age_band"),
                    gender=row.get("gender"),
                    language=row.get("language") or frame.language,
                    joined_at=moment_of(row.get("joined_at")),
                )
            )
        except Misfit as misfit:
            built.rejects.append(frame.reject(columns, n, str(misfit)))
    return built


def build_returns(columns: Columns, bounds: list[int], frame: Frame) -> Built:
    """A return a group of rows."""
    built = Built()
    rows = dict(records(columns))
    for start, end in itertools.pairwise(bounds):
        group = [rows[n] for n in range(start, end)]
        currency = first([row.get("currency") for row in group], 0, len(group)) or frame.currency
        try:
            lines, seen = [], dict[str, int]()
            for row in group:
                key = row.get("line_id") or row["product_id"]
                count = seen[key] = seen.get(key, 0) + 1
                lines.append(_line(row, key if count == 1 else f"{key}#{count}", currency))
            built.returns.append(
                Return(
                    id=group[0]["return_id"],
                    order_id=first([row.get("order_id") for row in group], 0, len(group)),
                    customer_id=first([row.get("customer_id") for row in group], 0, len(group)),
                    at=moment_of(min(row["at"] for row in group)),  # type: ignore[arg-type]  # `at` is required
                    currency=currency,
                    reason=first([row.get("reason") for row in group], 0, len(group)) or "",
                    lines=tuple(lines),
                )
            )
        except Misfit as misfit:
            built.rejects += [frame.reject(columns, n, str(misfit), field=misfit.field) for n in range(start, end)]
    return built


def _line(row: dict[str, Any], id_: str, currency: str) -> OrderLine:
    return fact(
        OrderLine,
        id=id_,
        product_id=row["product_id"],
        variant_id=row.get("variant_id"),
        quantity=abs(row["quantity"]),
        unit_price_minor=money(row["unit_price"], currency, "unit_price"),
        unit_price_source=row["unit_price"],
        discount_minor=money(row.get("discount"), currency, "discount"),
    )


def build_reviews(columns: Columns, _: list[int], frame: Frame) -> Built:
    """A review a row; one without an id gets one from its product, writer, moment and text."""
    built = Built()
    for n, row in records(columns):
        parts = (row["product_id"], row.get("customer_id"), row["at"], row.get("text"))
        try:
            built.reviews.append(
                fact(
                    Review,
                    id=row.get("review_id") or _derived_id("review", *parts),
                    product_id=row["product_id"],
                    customer_id=row.get("customer_id"),
                    order_id=row.get("order_id"),
                    stars=row.get("stars"),
                    text=row.get("text"),
                    language=row.get("language") or frame.language,
                    images=parted(row.get("images"), ",\n ;|"),
                    at=moment_of(row["at"]),
                    reply=row.get("reply"),
                    licence=row.get("licence") or frame.licence,
                )
            )
        except Misfit as misfit:
            built.rejects.append(frame.reject(columns, n, str(misfit)))
    return built


def build_questions(columns: Columns, _: list[int], frame: Frame) -> Built:
    """A question a row, with the merchant's answer where there is one."""
    built = Built()
    for n, row in records(columns):
        id_ = row.get("question_id") or _derived_id("question", row["product_id"], row["at"], row["text"])
        answered = moment_of(row.get("answered_at", row["at"]))
        answers = [{"id": f"{id_[:248]}:answer", "text": row["answer"], "at": answered}] if "answer" in row else []
        try:
            built.questions.append(
                fact(
                    Question,
                    id=id_,
                    product_id=row["product_id"],
                    customer_id=row.get("customer_id"),
                    text=row["text"],
                    language=row.get("language") or frame.language,
                    at=moment_of(row["at"]),
                    answers=answers,
                    licence=row.get("licence") or frame.licence,
                )
            )
        except Misfit as misfit:
            built.rejects.append(frame.reject(columns, n, str(misfit)))
    return built


def build_events(columns: Columns, bounds: list[int], frame: Frame) -> Built:
    """An event a row, one without an id with one from all that the row says; what tells of one order is an order."""
    built = Built()
    rows = dict(records(columns))
    for start, end in itertools.pairwise(bounds):
        told = {n: rows[n] for n in range(start, end) if is_of_order(rows[n])}
        bought = {n: row for n, row in told.items() if not is_refund(row)}
        given_back = {n: row for n, row in told.items() if is_refund(row)}
        _add_told(built.absent_orders, order_of, built, columns, bought, frame)
        _add_told(built.told_returns, return_of, built, columns, given_back, frame)
        for n in range(start, end):
            if n not in told:
                _add_event(built, columns, n, rows[n], frame)
    return built


def _add_told(
    target: list[F],
    tell: Callable[[Sequence[dict[str, Any]], Frame], F],
    built: Built,
    columns: Columns,
    rows: dict[int, dict[str, Any]],
    frame: Frame,
) -> None:
    """What events of one order tell of it, if there are any."""
    try:
        if rows:
            target.append(tell(list(rows.values()), frame))
    except Misfit as misfit:
        built.rejects += [frame.reject(columns, n, str(misfit), field=misfit.field) for n in rows]


def _add_event(built: Built, columns: Columns, n: int, row: dict[str, Any], frame: Frame) -> None:
    try:
        event = _event(row, frame)
    except Misfit as misfit:
        built.rejects.append(frame.reject(columns, n, str(misfit), field=misfit.field))
        return
    refusal = person_refusal(event)
    if refusal is None:
        built.events.append(event)
    else:
        built.rejects.append(frame.reject(columns, n, *refusal[1:], field="visitor_id"))


def _event(row: dict[str, Any], frame: Frame) -> Event:
    currency = row.get("currency") or frame.currency
    return fact(
        Event,
        id=row.get("event_id") or _derived_id("event", *sorted(row.items())),
        name=row["name"],
        at=moment_of(row["at"]),
        customer_id=row.get("customer_id"),
        visitor_id=row.get("visitor_id"),
        product_id=row.get("product_id"),
        quantity=row.get("quantity"),
        value_minor=money(row.get("value"), currency, "value"),
        currency=row.get("currency"),
        engagement_time_msec=row.get("engagement_time_msec"),
        rating=row.get("rating"),
        context={name: row[name] for name in _CONTEXT if name in row},
    )
