"""`audience/online-retail`: who of a real gift shop's customers buys within 30 days?

Protocol: lines with a customer; cancelled invoices (C…) are refunds, other lines count with positive quantity and
price. Everyone who had bought by 2011-09-30 is asked about; it comes true for those who buy from 1 to 30 October 2011.
The model sees nothing after 2011-09-30: trees learn at dates ten days apart whose 30 days end by August, calibration in
September. Settings were chosen on dates until 2011-08-31 (their 30 days end in September). Beside it the days since the
last purchase alone, calibrated in the same way on the same September, and BG/NBD by itself. Intervals: customers drawn
with replacement, 1,000 times, the same for both.
"""

from __future__ import annotations

import time

import numpy as np

from zhanggui.audience.engines.lifetime.histories import Doubles
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.judging import auc, gain, judge
from zhanggui.audience.engines.propensity.learning import Lessons, teach
from zhanggui.audience.engines.propensity.rules import lifetime_chances, recency_rule

from .harness import Report, case, real_data

HORIZON = 30
END = int(np.datetime64("2011-09-30", "D").astype(np.int64))
DRAWS = 1000


@case("audience/online-retail")
def online_retail(report: Report) -> None:
    """AUC, Brier score and calibration error of October 2011, against recency alone."""
    lessons = Lessons(read_acts(), HORIZON)
    began = time.perf_counter()
    taught = teach(lessons, END, seed=0)
    if taught is None:
        raise RuntimeError("the data set is shorter than it should be")
    report("training", time.perf_counter() - began, unit="s")
    rule = recency_rule(taught.calibrating)
    test = lessons.at(END)
    chances = {
        "": taught.model.chances(test.rows),
        "recency_": rule.chances(test.rows),
        "bg_nbd_": lifetime_chances(test.rows),
    }
    report.note(f"{len(test.came)} customers, {test.came.mean():.3f} bought; map {taught.model.calibration.method}")
    for name, chance in chances.items():
        figures = judge(chance, test.came)
        report(f"{name}auc", figures.auc)
        report(f"{name}brier", figures.brier)
        report(f"{name}ece", figures.ece, bar=None if name else "<= 0.03")
    errors = {name: (chance - test.came) ** 2 for name, chance in chances.items()}
    better = gain(errors["recency_"], errors[""], seed=0)
    report("brier_gain", better.value)
    report("brier_gain_low", better.low, bar="> 0")
    report("brier_gain_high", better.high)
    low, high = _auc_gain(chances[""], chances["recency_"], test.came)
    report("auc_gain_low", low, bar="> 0")
    report("auc_gain_high", high)
    for one in judge(chances[""], test.came).bins:
        report.note(f"said {one.said:.3f}, came {one.came:.3f} ({one.low:.3f} to {one.high:.3f}) of {one.people}")


def read_acts() -> Acts:
    """Purchases and refunds of known customers."""
    import pyarrow.parquet as pq

    table = pq.read_table(real_data("online-retail") / "online_retail.parquet")
    invoice = np.array(table["InvoiceNo"].to_pylist())
    quantity, price = table["Quantity"].to_numpy(), table["UnitPrice"].to_numpy()
    customer = np.nan_to_num(table["CustomerID"].to_numpy().astype(float), nan=0).astype(np.int64)
    day = np.array(table["InvoiceDate"].to_pylist(), dtype="datetime64[D]").astype(np.int64)
    product = np.unique(np.array(table["StockCode"].to_pylist()), return_inverse=True)[1] + 1
    is_refund = np.char.startswith(invoice, "C")
    used = (customer > 0) & (is_refund | ((quantity > 0) & (price > 0)))
    return Acts(
        person=customer[used],
        day=day[used],
        act=np.where(is_refund, Act.REFUND, Act.PURCHASE)[used].astype(np.int8),
        product=product[used],
        value=np.where(is_refund, 0.0, quantity * price * 100)[used],
    )


def _auc_gain(ours: Doubles, theirs: Doubles, came: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the difference, of the same customers drawn again and again."""
    rng = np.random.default_rng(0)
    gains = []
    for _ in range(DRAWS):
        drawn = rng.integers(len(came), size=len(came))
        gains.append(auc(ours[drawn], came[drawn]) - auc(theirs[drawn], came[drawn]))
    low, high = np.quantile(gains, (0.025, 0.975))
    return float(low), float(high)
