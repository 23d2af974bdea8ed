"""Training of what needs no trees: coming back and spending, next categories, and how groups answer to offers."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhanggui.audience.engines.lifetime.accounting import typical_of
from zhanggui.audience.engines.lifetime.histories import Doubles, spending_of
from zhanggui.audience.engines.propensity.acts import Acts
from zhanggui.audience.engines.propensity.describing import fit_lifetime
from zhanggui.audience.engines.propensity.judging import auc, deciles, reliability
from zhanggui.audience.engines.propensity.next_category import (
    NextCategory,
    Purchases,
    cases_of,
    count,
    judge_next,
    learn_next,
)
from zhanggui.audience.engines.propensity.offer_groups import Lines, group_answers
from zhanggui.audience.ports import ItemSpace
from zhanggui.audience.types.predictions import PlotName, ReliabilityBin

from .basis import Basis, Draft, Made, bins_of, check, rounded
from .categories import Categories
from .latent_training import train_latent
from .packing import category_arrays, lifetime_parameters

LEAST_CUSTOMERS, LEAST_BACK, LEAST_CASES, LEAST_LINES = 50, 20, 100, 200
HELD_OUT_DAYS = 90
WINDOW_DAYS = 30


def train_lifetime(basis: Basis) -> Made:
    """BG/NBD and Gamma-Gamma; the proof foretells the last third of the history, at most 90 days, from the rest."""
    bought = basis.bought
    spending = spending_of(bought.person, bought.day, bought.value, basis.until_day)
    came_back = int((spending.histories.frequency > 0).sum())
    checks = (
        check("lifetime", "customers", LEAST_CUSTOMERS, len(spending.persons)),
        check("lifetime", "comers_back", LEAST_BACK, came_back),
    )
    if not all(one.holds for one in checks):
        return Made(draft=None, checks=checks)
    metrics, plots = _held_out(basis, bought)
    card = basis.card(
        "lifetime",
        rows=len(spending.persons),
        parameters=lifetime_parameters(fit_lifetime(bought, basis.until_day), typical_of(spending)),
        metrics=rounded(metrics),
        plots=plots,
    )
    return Made(draft=Draft(card), checks=checks)


def _held_out(basis: Basis, bought: Acts) -> tuple[dict[str, float], dict[PlotName, tuple[ReliabilityBin, ...]]]:
    days = min(HELD_OUT_DAYS, basis.days // 3)
    cut = basis.until_day - days
    seen = spending_of(bought.person, bought.day, bought.value, cut)
    known = fit_lifetime(bought, cut).purchases
    if known is None or days < 1:
        return {}, {}
    later = bought.where((bought.day > cut) & np.isin(bought.person, seen.persons))
    pairs = np.unique(np.stack([later.person, later.day]), axis=1)
    came = np.bincount(np.searchsorted(seen.persons, pairs[0]), minlength=len(seen.persons)).astype(np.float64)
    told = known.expected(seen.histories, days)
    naive = seen.histories.frequency / np.maximum(seen.histories.age, 1) * days
    alive, again = known.alive(seen.histories), came > 0
    metrics = {
        "held_out_days": float(days),
        "alive_auc": auc(alive, again),
        "bought_again": float(again.mean()),
        "orders_mae": float(np.abs(told - came).mean()),
        "orders_mae_naive": float(np.abs(naive - came).mean()),
        "orders_correlation": _correlation(told, came),
        "orders_total": float(told.sum() / came.sum()) if came.sum() else 0.0,
    }
    return metrics, {"orders": bins_of(deciles(told, came)), "alive": bins_of(reliability(alive, again))}


def _correlation(one: Doubles, other: Doubles) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0 and other.std() > 0 else 0.0


def train_categories(basis: Basis, categories: Categories, items: ItemSpace) -> Made:
    """Which category comes next; judged on the last month, of which a model made in the same way knew nothing."""
    purchases = purchases_of(basis.bought, categories)
    size = len(categories.names)
    enough = check("next_category", "categories", 2, size)
    if not enough.holds:
        return Made(draft=None, checks=(enough,))
    proof = learn_next(purchases.until(basis.until_day - WINDOW_DAYS), size, basis.until_day - WINDOW_DAYS, WINDOW_DAYS)
    cases = [] if proof is None else cases_of(purchases, proof, basis.until_day - WINDOW_DAYS)
    checks = (enough, check("next_category", "cases", LEAST_CASES, len(cases)))
    if proof is None or not checks[1].holds:
        return Made(draft=None, checks=checks)
    figures = judge_next(proof, cases)
    is_worse = figures.log_loss > figures.log_loss_everybody
    final = learn_next(purchases, size, basis.until_day, WINDOW_DAYS) or _everybody(purchases, size)
    space, told, bins = train_latent(basis, categories, items)
    card = basis.card(
        "next_category",
        rows=len(purchases.person),
        categories=categories.names,
        metrics=rounded({name: value for name, value in dataclasses.asdict(figures).items() if name != "bins"} | told),
        plots={"first_category": bins_of(figures.bins), "latent": bins},
        reason="worse_than_recency" if is_worse else "",
        state="refused" if is_worse else "current",
    )
    return Made(draft=Draft(card, category_arrays(final, space)), checks=checks)


def _everybody(purchases: Purchases, size: int) -> NextCategory:
    return count(purchases, size, np.array([0.0, 0.0, 1.0]))


def purchases_of(bought: Acts, categories: Categories) -> Purchases:
    """Purchases whose product has a category, by person and day."""
    category = categories.of(bought.product)
    order = np.lexsort((category, bought.day, bought.person))
    order = order[category[order] >= 0]
    return Purchases(person=bought.person[order], day=bought.day[order], category=category[order])


def train_offers(basis: Basis) -> Made:
    """How groups answer to reduced prices; figures in the card, and no file."""
    acts = basis.acts
    used = (acts.act == 0) & (basis.past.quantity > 0) & (acts.value > 0) & (acts.day <= basis.until_day)
    lines = Lines(
        person=acts.person[used],
        day=acts.day[used],
        product=acts.product[used],
        unit_value=acts.value[used] / basis.past.quantity[used],
    )
    enough = check("offers", "lines", LEAST_LINES, len(lines.person))
    answers = group_answers(lines) if enough.holds else []
    if not answers:
        return Made(draft=None, checks=(enough,))
    figures = {
        f"{one.condition}.{name}": float(getattr(one, name))
        for one in answers
        for name in ("people", "lines", "ratio", "low", "high")
    }
    return Made(draft=Draft(basis.card("offers", rows=len(lines.person), metrics=rounded(figures))), checks=(enough,))
