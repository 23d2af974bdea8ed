"""Chapters of the yearly review that other rooms tell: on which data, by which models, how alike people are served."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from zhanggui.audience.tables.profiles import profiles
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.words import N_
from zhanggui.recommend import Recommender
from zhanggui.recommend.tables.labels import earned_labels
from zhanggui.shop.tables.events.served import served_lists
from zhanggui.shop.tables.orders import orders
from zhanggui.shop.tables.people import customers
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.service.reports import Chapter
from zhanggui.trust.service.reports.chapters import Span
from zhanggui.trust.types.fairness import BubbleFigures
from zhanggui.trust.types.reports import Figure, Section

_FAIRNESS = "fairness.json of %(day)s: the 35 days before, of those who allow analytics"


def chapters_of(db: Database, recommend: Recommender, fairness: Fairness) -> tuple[Chapter, ...]:
    """In the order in which they stand in the review."""
    return partial(_chosen, db), partial(_data, db), partial(_models, recommend), partial(_alike, fairness)


def _chosen(db: Database, span: Span) -> Section:
    """What nobody proposes and nobody approves, one by one: it is chosen whenever somebody looks."""
    lists, people = served_lists.for_(Duty.UPKEEP), profiles.for_(Duty.UPKEEP)
    of_year = sa.select(sa.func.count()).where(lists.c.at_ms >= span.since_ms, lists.c.at_ms < span.until_ms)
    kept = (
        (N_("Labels that products have earned"), sa.select(sa.func.count()).select_from(earned_labels)),
        (N_("Profiles with interests and tags"), sa.select(sa.func.count(people.c.person))),
    )
    with db.read() as connection:
        chosen = int(connection.execute(of_year).scalar_one())
        counts = [(label, int(connection.execute(query).scalar_one()), str(query)) for label, query in kept]
    return Section(
        title=N_("What is chosen without asking anybody"),
        figures=(
            Figure(
                label=N_("Lists of products chosen for somebody, of those still kept"), value=chosen, query=str(of_year)
            ),
            *(
                Figure(label=label, value=count, query=query, is_of_today=span.is_over)
                for label, count, query in counts
            ),
        ),
    )


def _data(db: Database, span: Span) -> Section:
    people, bought = customers.for_(Duty.UPKEEP), orders.for_(Duty.UPKEEP)
    by_basis = sa.select(people.c.basis, sa.func.count()).group_by(people.c.basis).order_by(people.c.basis)
    of_year = sa.select(sa.func.count()).where(bought.c.at_ms >= span.since_ms, bought.c.at_ms < span.until_ms)
    with db.read() as connection:
        bases = connection.execute(by_basis).all()
        sold = int(connection.execute(of_year).scalar_one())
    figures = [
        Figure(
            label=N_("Customers held on the basis %(name)s"),
            name=basis,
            value=int(count),
            query=str(by_basis),
            is_of_today=span.is_over,
        )
        for basis, count in bases
    ]
    return Section(
        title=N_("On which data"),
        figures=(*figures, Figure(label=N_("Orders of the year"), value=sold, query=str(of_year))),
    )


def _models(recommend: Recommender, span: Span) -> Section:
    cards = [card for card in recommend.model_cards() if span.since_ms <= card.at_ms < span.until_ms]
    states = {"current": N_("Models that serve"), "kept": N_("Models that served"), "refused": N_("Models refused")}
    figures = [
        Figure(
            label=label,
            value=sum(card.state == state for card in cards),
            query=f"model cards [state = {state}]",
            is_of_today=span.is_over,
        )
        for state, label in states.items()
    ]
    if cards:
        newest = max(cards, key=lambda card: card.at_ms)
        label = N_("People that the newest model learned from")
        figures.append(Figure(label=label, value=newest.people, query=f"model card {newest.id}"))
    return Section(
        title=N_("Models"), figures=tuple(figures) if cards else (), why_empty=N_("No model was trained in this year.")
    )


def _alike(fairness: Fairness, span: Span) -> Section:
    """The last look of the span: of a year that is over, only what was looked at then."""
    report = fairness.last_within(span.since_ms, span.until_ms)
    if report is None:
        return Section(
            title=N_("Fairness and bubbles"), figures=(), why_empty=N_("Nobody looked at fairness in this year.")
        )
    query = _FAIRNESS % {"day": f"{from_ms(report.at_ms):%Y-%m-%d}"}
    gaps = [
        Figure(
            label=N_("Least over most served group, %(name)s"),
            name=f"{one.kind} {one.measure}",
            value=one.gap.ratio,
            unit="share",
            query=query,
        )
        for one in report.measured
        if one.gap is not None
    ]
    bubbles = () if report.bubbles is None else _bubbles(report.bubbles, query)
    alerts = Figure(label=N_("Figures beyond their limits"), value=len(report.alerts), query=query)
    is_empty = not gaps and not bubbles
    return Section(
        title=N_("Fairness and bubbles"),
        figures=() if is_empty else (*gaps, *bubbles, alerts),
        why_empty=N_("Too few lists were served to people who allow counting."),
    )


def _bubbles(of: BubbleFigures, query: str) -> tuple[Figure, ...]:
    told = (
        (N_("How unevenly goods were shown (Gini)"), of.gini, "share"),
        (N_("Entropy of the categories shown, in bits"), of.entropy, "count"),
        (N_("Places of new sellers"), of.new_sellers, "share"),
        (N_("Bubble of the middle person"), of.bubble, "share"),
    )
    return tuple(
        Figure(label=label, value=value, unit=unit, query=query) for label, value, unit in told if value is not None
    )
