"""`audience/cdnow`: every customer of a record shop, 39 weeks to learn from and 39 weeks to predict.

Protocol: purchases of one customer on one day count as one. BG/NBD and Gamma-Gamma are fitted on the first 39 weeks of
all 23,570 customers; each predicts the purchases of the next 39 weeks. Beside it: the rate so far carried on, and a
LightGBM with a Poisson loss that learned inside the same 39 weeks, at three earlier dates, what the following 13
brought; it predicts three times that. No model sees a purchase after week 39; nothing was chosen by these figures.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhanggui.audience.engines.lifetime.bg_nbd import fit_bg_nbd
from zhanggui.audience.engines.lifetime.gamma_gamma import fit_gamma_gamma
from zhanggui.audience.engines.lifetime.histories import Doubles, Histories, Ints, Spending, spending_of

from .harness import Report, case, real_data

END = dt.date(1997, 9, 30).toordinal()
WEEK, HELD_OUT, TAUGHT = 7, 39 * 7, 13 * 7
EXPECTED = {"r": 0.252, "alpha": 4.789, "a": 0.723, "b": 2.161}
LIKELIHOOD = -95_368.4


@dataclass(frozen=True, slots=True)
class Purchases:
    """Arrays of one length."""

    person: Ints
    day: Ints
    value: Doubles

    def until(self, day: int) -> Spending:
        """Histories at the end of a day."""
        return spending_of(self.person, self.day, self.value, day)

    def days_between(self, persons: Ints, after: int, until: int) -> Doubles:
        """(n,) on how many days each person bought after one day and until another."""
        inside = (self.day > after) & (self.day <= until)
        who = np.unique(np.stack([self.person[inside], self.day[inside]]), axis=1)[0]
        found = np.bincount(np.searchsorted(persons, who), minlength=len(persons))
        return found.astype(np.float64)


@case("audience/cdnow")
def cdnow(report: Report) -> None:
    """The fit against the known one, then 39 weeks held out against naive and learned predictions."""
    purchases = read_purchases()
    spending = purchases.until(END)
    weekly = _in_weeks(spending.histories)
    fit_bg_nbd(weekly)  # what scipy takes to load is not what a fit takes
    began = time.perf_counter()
    fitted = fit_bg_nbd(weekly)
    report("fit", time.perf_counter() - began, unit="s", bar="<= 2")
    report("customers", len(weekly), bar="== 23570")
    for name, value in EXPECTED.items():
        seen = getattr(fitted.model, name)
        report(name, seen)
        report(f"{name}_off", abs(seen / value - 1), bar="<= 0.01")
    report("log_likelihood", fitted.log_likelihood)
    report("log_likelihood_off", abs(fitted.log_likelihood - LIKELIHOOD), bar="<= 0.1")
    began = time.perf_counter()
    values = fit_gamma_gamma(spending.histories.frequency, spending.mean_value)
    report("gamma_gamma_fit", time.perf_counter() - began, unit="s")
    report("gamma_gamma_mean", values.model.mean, unit="dollars")
    came = purchases.days_between(spending.persons, END, END + HELD_OUT)
    told = {
        "bg_nbd": fitted.model.expected(weekly, HELD_OUT / WEEK),
        "rate_so_far": spending.histories.frequency / np.maximum(spending.histories.age, 1) * HELD_OUT,
        "lightgbm": _learned(purchases, spending),
    }
    for name, expected in told.items():
        report(f"{name}_mae", float(np.abs(expected - came).mean()))
        report(f"{name}_correlation", float(np.corrcoef(expected, came)[0, 1]))
        report(f"{name}_total", float(expected.sum() / came.sum()), unit="of what came")


def read_purchases() -> Purchases:
    """All rows of the file."""
    lines = (real_data("cdnow") / "transactions.txt").read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split() for line in lines if line.strip()]
    days = {text: dt.datetime.strptime(text, "%Y%m%d").date().toordinal() for text in {row[1] for row in rows}}  # noqa: DTZ007
    return Purchases(
        person=np.array([int(row[0]) for row in rows]),
        day=np.array([days[row[1]] for row in rows]),
        value=np.array([float(row[3]) for row in rows]),
    )


def _in_weeks(past: Histories) -> Histories:
    return Histories(frequency=past.frequency, recency=past.recency / WEEK, age=past.age / WEEK)


def _learned(purchases: Purchases, spending: Spending) -> Doubles:
    """What trees make of the same histories."""
    import lightgbm

    cuts = [END - TAUGHT - back * 4 * WEEK for back in range(3)]
    seen = [purchases.until(cut) for cut in cuts]
    rows = np.concatenate([_columns(one) for one in seen])
    came = np.concatenate(
        [purchases.days_between(one.persons, cut, cut + TAUGHT) for one, cut in zip(seen, cuts, strict=True)]
    )
    settings: dict[str, Any] = {
        "objective": "poisson", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 100, "num_threads": 1,
        "deterministic": True, "force_row_wise": True, "seed": 0, "verbosity": -1,
    }  # fmt: skip
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, came), 150)
    return np.asarray(booster.predict(_columns(spending))) * (HELD_OUT / TAUGHT)


def _columns(spending: Spending) -> Doubles:
    past = spending.histories
    since = past.age - past.recency
    return np.column_stack([past.frequency, past.recency, past.age, since, spending.mean_value])
