"""`recommend/bubble`: 60 days of a closed loop in the simulator, without and with the guard against the bubble.

30 days under the house policy fill an empty shop; then the recommender serves every home list for 60 days, learns from
what its lists led to, and trains every week. Shoppers choose by the simulator's truth, which the shop never sees. With
the guard the slider between sales and variety stands at `GUARD`; without it at 0.

One run says little: what a shop shows decides what it learns, so that two shops part within days. So the two arms of a
pair share their luck (`keyed_luck`), every kind of shopper is asked with several seeds (`BENCH_SEEDS`), and a gain is
the geometric mean over seeds of the arms' ratio, with its 95 % interval by Student's t of the paired logarithms.
Many small shops say more for the same seconds than few large ones: an arm of 400 customers takes two minutes of CPU.

Profit is what the lists are expected to earn by the truth, before any dice are cast: the dice of some thousand
purchases alone would move it by 2 %. Searches are the house's in both arms and are left out. A person's variety is the
entropy of the categories of all places that they were shown.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop.simulate import SHOPPER_MODELS, SimulationPlan, shopper_model
from zhanggui.shop.simulate.stock import Floats

from .closed_loop import JudgedWorld, LivePolicy, Served, live_shop
from .harness import Report, case

WARM_UP, LOOP = 30, 60
GUARD = 0.5
"""Chosen on the first seed of the first kind, before arms shared their luck; judged on the worst kind."""
SEEDS = 4
NEW_DAYS = 90
JUDGED = (("entropy_gain", ">= 15"), ("new_seller_gain", ">= 15"), ("profit_gain", ">= -2"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What one run came to; days count from the first of the loop."""

    profit: float  # expected, of home lists, in yuan
    earned: float  # realised, of the whole shop
    entropy: float  # bits: of the categories that a person was shown, mean over persons
    pooled: float  # bits: of all places together
    new_share: float  # of places
    coverage: float
    weekly: tuple[float, ...]  # entropy of a person's lists, week by week


@case("recommend/bubble")
def bubble(report: Report) -> None:
    """Variety and new sellers with the guard, against what it costs, with each kind of shoppers; the worst counts."""
    seeds = range(1, int(os.environ.get("BENCH_SEEDS", SEEDS)) + 1)
    kinds = [_compared(report, model.name, seeds) for model in SHOPPER_MODELS]
    for column, (figure, bar) in enumerate(JUDGED):
        report(f"{figure}_worst", min(float(kind[column]) for kind in kinds), unit="%", bar=bar)


def _compared(report: Report, shoppers: str, seeds: range) -> Floats:
    """(figures,) mean gains of one kind of shoppers, in percent; each is told with its interval."""
    ratios, weeks = np.empty((len(seeds), len(JUDGED))), np.empty((len(seeds), 1))
    for row, seed in enumerate(seeds):
        off, on = (run(seed, shoppers, Objectives(variety=position)) for position in (0.0, GUARD))
        ratios[row] = on.entropy / off.entropy, on.new_share / off.new_share, on.profit / off.profit
        weeks[row] = off.weekly[-1] / off.weekly[1]
        tell(report, f"{shoppers}_{seed}_without", off)
        tell(report, f"{shoppers}_{seed}_with", on)
    figures = [*(figure for figure, _ in JUDGED), "weeks_2_to_8_without"]
    mean, low, high = paired(np.log(np.hstack([ratios, weeks])))
    for column, figure in enumerate(figures):
        report(f"{shoppers}_{figure}", float(mean[column]), unit="%")
        report.note(f"{shoppers} {figure}: 95 % between {low[column]:.1f} and {high[column]:.1f} %")
    return mean[: len(JUDGED)]


def paired(logs: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean gain, and the ends of its 95 % interval, in percent, of (seeds, figures) logarithms of ratios."""
    from scipy.stats import t

    count, mean = len(logs), logs.mean(axis=0)
    if count < 2:
        spread = np.full_like(mean, np.inf)
    else:
        spread = t.ppf(0.975, count - 1) * logs.std(axis=0, ddof=1) / count**0.5
    with np.errstate(over="ignore"):
        low, middle, high = (100 * np.expm1(ends) for ends in (mean - spread, mean, mean + spread))
    return middle, low, high


def tell(report: Report, name: str, arm: Arm) -> None:
    """The figures of one arm."""
    report(f"{name}_profit", arm.profit, unit="yuan")
    report(f"{name}_entropy", arm.entropy, unit="bits")
    report(f"{name}_new_sellers", 100 * arm.new_share, unit="%")
    report(f"{name}_coverage", 100 * arm.coverage, unit="%")
    report.note(
        f"{name}: entropy by week {' '.join(f'{bits:.2f}' for bits in arm.weekly)}; of all places {arm.pooled:.2f}; "
        f"the whole shop earned {arm.earned:,.0f} yuan"
    )


def run(seed: int, shoppers: str, objectives: Objectives, products: int = 500, customers: int = 400) -> Arm:
    """One shop from its first day to the last of the loop."""
    plan = SimulationPlan(
        until=date(2026, 3, 14),
        seed=seed,
        products=products,
        customers=customers,
        days=WARM_UP + LOOP,
        shoppers=shopper_model(shoppers),
    )
    with tempfile.TemporaryDirectory() as folder, live_shop(plan, Path(folder), objectives) as policy:
        outcomes = []
        for day in range(plan.days):
            policy.is_live = day >= WARM_UP
            outcomes.append(policy.world.step_day(policy).outcome)
        return measured(policy.world, policy, sum(day.profit_minor for day in outcomes[WARM_UP:]))


def measured(world: JudgedWorld, policy: LivePolicy, earned_minor: int) -> Arm:
    """Look at the lists of the loop."""
    loop = policy.served[WARM_UP:]
    shelf, launch = world.stock.shelf, world.stock.launch_day
    shown = np.concatenate([one.products[one.products >= 0] for one in loop])
    new = [_new(one, launch) for one in loop]
    return Arm(
        profit=sum(world.expected_minor[WARM_UP:]) / 100,
        earned=earned_minor / 100,
        entropy=_personal(loop, shelf),
        pooled=_bits(np.bincount(shelf[shown])),
        new_share=sum(one.sum() for one in new) / len(shown),
        coverage=len(np.unique(shown)) / len(shelf),
        weekly=tuple(_personal(loop[start : start + 7], shelf) for start in range(0, LOOP - 6, 7)),
    )


def _new(one: Served, launch: np.ndarray) -> np.ndarray:
    """(places,) whether each shows a product of a seller who came within 90 days, all of whose goods launch."""
    shown = one.products[one.products >= 0]
    fresh: np.ndarray = (launch[shown] > 0) & (one.day - launch[shown] < NEW_DAYS)
    return fresh


def _personal(lists: list[Served], shelf: np.ndarray) -> float:
    """Mean over persons of the entropy of the categories they were shown."""
    person = np.concatenate([np.repeat(one.person, one.products.shape[1]) for one in lists])
    product = np.concatenate([one.products.ravel() for one in lists])
    person, product = person[product >= 0], product[product >= 0]
    counts = np.zeros((person.max() + 1, shelf.max() + 1))
    np.add.at(counts, (person, shelf[product]), 1)
    counts = counts[counts.sum(axis=1) > 0]
    shares = counts / counts.sum(axis=1, keepdims=True)
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    return float(-(shares * logs).sum(axis=1).mean())


def _bits(counts: np.ndarray) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())
