"""`recommend/online-retail`: the last basket of each customer of a real gift shop, all products ranked.

Protocol: product lines (code begins with five digits) of positive quantity and price; a basket is an invoice.
Test: the last basket of every customer with two or more. Validation: the one before, for those with three or more;
blend weights and the peers' settings are chosen on it alone, with neither it nor the test in the counts. Then every
method counts all but the test baskets. Trends are as of each basket's moment. Recall@20 is averaged over customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from zhanggui.recommend.engines.blend import fit_blend
from zhanggui.recommend.engines.choosing import Split, choices_of, hold_out_last, recall_at, replay
from zhanggui.recommend.engines.covisitation import CovisitationConfig, covisit
from zhanggui.recommend.engines.ease import EaseConfig, fit_ease
from zhanggui.recommend.engines.first_stage import Graphs, no_neighbours
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.popularity import repeat_rates

from .harness import Report, case, real_data

K = 20
GUESTS_FROM = 10**9


@case("recommend/online-retail")
def online_retail(report: Report) -> None:
    """Repeats kept, and new products only, each against own frequency, item-kNN, BM25, ALS and popularity."""
    baskets = read_baskets()
    test = split_baskets(baskets)
    validation = split_baskets(test.past)
    report.note(
        f"{baskets.size - 1} products, {len(baskets)} lines; test {len(test.occasions)} baskets, "
        f"validation {len(validation.occasions)}; seed none (all methods are exact), seen products as named"
    )
    for only_new, bar in ((False, ">= 1.10"), (True, ">= 1.10")):
        name = "new" if only_new else "repeats"
        ours, customers = _ours(validation, test, only_new=only_new)
        report(f"recall@20_{name}", ours)
        report.note(f"{name}: averaged over {customers} customers")
        peers = _peers(validation, test, only_new=only_new)
        for peer, value in peers.items():
            report(f"recall@20_{name}_{peer}", value)
        first = next(iter(peers.values()))
        report(f"ratio_{name}", ours / first, bar=bar)
        report(f"ratio_{name}_best_peer", ours / max(peers.values()), bar=">= 1.10")


def read_baskets() -> Interactions:
    """All product lines as purchases; each invoice is a session, each guest order a person of its own."""
    table, code, invoice, used = _lines()
    customer = np.nan_to_num(table["CustomerID"].to_numpy().astype(float), nan=0).astype(np.int64)
    at_ms = np.array(table["InvoiceDate"].to_pylist(), dtype="datetime64[ms]").astype(np.int64)
    codes, product = np.unique(code[used], return_inverse=True)
    invoices, basket = np.unique(invoice[used], return_inverse=True)
    first = np.full(len(invoices), np.iinfo(np.int64).max)
    np.minimum.at(first, basket, at_ms[used])
    person = np.where(customer[used] > 0, customer[used], GUESTS_FROM + basket)
    rows = np.unique(np.stack([person, first[basket], basket, product + 1]), axis=1)
    opens = np.ones(rows.shape[1], dtype=bool)
    opens[1:] = rows[2, 1:] != rows[2, :-1]
    return Interactions(
        person=rows[0],
        product=rows[3].astype(np.int32),
        at_ms=rows[1],
        strength=np.ones(rows.shape[1], dtype=np.float32),
        is_purchase=np.ones(rows.shape[1], dtype=bool),
        session=np.cumsum(opens, dtype=np.int32) - 1,
        size=len(codes) + 1,
    )


def product_words() -> list[tuple[str, ...]]:
    """The words of every product by its number in `read_baskets`: those of its first line; none for number 0."""
    table, code, _, used = _lines()
    _, first = np.unique(code[used], return_index=True)
    lines = [table["Description"][int(row)].as_py() or "" for row in np.flatnonzero(used)[first]]
    return [(), *(tuple(text.casefold().split()) for text in lines)]


def _lines() -> tuple[Any, np.ndarray, np.ndarray, np.ndarray]:
    """All lines, their codes and invoices, and which are lines of products."""
    import pyarrow.parquet as pq

    table = pq.read_table(real_data("online-retail") / "online_retail.parquet")
    code = np.array([text.strip().upper() for text in table["StockCode"].to_pylist()])
    invoice = np.array(table["InvoiceNo"].to_pylist())
    quantity, price = table["Quantity"].to_numpy(), table["UnitPrice"].to_numpy()
    is_product = np.array([text[:5].isdigit() for text in code])
    return table, code, invoice, is_product & ~np.char.startswith(invoice, "C") & (quantity > 0) & (price > 0)


def split_baskets(events: Interactions) -> Split:
    """The last basket of every customer with two or more."""
    return hold_out_last(events)


def _ours(validation: Split, test: Split, *, only_new: bool) -> tuple[float, int]:
    graphs, repeat_rate = _learn(validation.past)
    tried = replay(graphs, repeat_rate, validation, only_new=only_new, on_step=_quiet)
    weights = fit_blend(choices_of(tried))
    graphs, repeat_rate = _learn(test.past)
    shares = recall_at(weights, replay(graphs, repeat_rate, test, only_new=only_new, on_step=_quiet), K)
    return float(shares.mean()), len(shares)


def _learn(past: Interactions) -> tuple[Graphs, np.ndarray]:
    graphs = Graphs(
        alike=fit_ease(EaseConfig(), past),
        together=covisit(CovisitationConfig(), past),
        content=no_neighbours(past.size),
    )
    return graphs, repeat_rates(past)


def _quiet(_done: int, _of: int) -> None:
    """The replay takes seconds."""


@dataclass(frozen=True)
class _Counts:
    """What peers learn from: customers' baskets as a matrix, and best sellers; rows of the occasions' customers."""

    times: sp.csr_matrix
    popular: np.ndarray
    rows: np.ndarray
    taken: list[np.ndarray]


def _counts(split: Split, *, guests: bool) -> _Counts:
    past = split.past
    used = np.ones(len(past), dtype=bool) if guests else past.person < GUESTS_FROM
    people, row = np.unique(past.person[used], return_inverse=True)
    times = sp.csr_matrix((np.ones(used.sum()), (row, past.product[used])), shape=(len(people), past.size))
    rows = np.searchsorted(people, [one.person for one in split.occasions])
    return _Counts(times, np.bincount(past.product, minlength=past.size), rows, [one.taken for one in split.occasions])


def _recall(scores: np.ndarray, counts: _Counts, *, only_new: bool) -> float:
    scores = scores.astype(np.float64).copy()
    scores[:, 0] = -np.inf
    owned = counts.times[counts.rows].toarray() > 0
    if only_new:
        scores[owned] = -np.inf
    top = np.argsort(-scores, axis=1, kind="stable")[:, :K]
    shares = []
    for n, taken in enumerate(counts.taken):
        wanted = taken[~owned[n, taken]] if only_new else taken
        if len(wanted):
            shares.append(np.isin(wanted, top[n]).mean())
    return float(np.mean(shares))


def _peers(validation: Split, test: Split, *, only_new: bool) -> dict[str, float]:
    """Recall of each peer with the setting that was best on validation; the one that the issue names comes first."""
    peers = {
        "own_frequency": ([()], _own_scores),
        "item_knn": ([(k, side) for k in (10, 20, 50, 100, 200) for side in ("target", "source")], _cosine_scores),
        "bm25": ([(k, b) for k in (50, 200, 1000) for b in (0.2, 0.8)], _bm25_scores),
        "als": ([(f, reg) for f in (32, 64, 128) for reg in (0.01, 1.0)], _als_scores),
        "popular": ([()], _popular_scores),
    }
    if only_new:
        del peers["own_frequency"]  # it knows nothing that is new
    before, now = _counts(validation, guests=False), _counts(test, guests=False)
    figures = {}
    for name, (settings, scores) in peers.items():
        best = max(
            settings, key=lambda setting, scores=scores: _recall(scores(before, *setting), before, only_new=only_new)
        )
        figures[name] = _recall(scores(now, *best), now, only_new=only_new)
    return figures


def _own_scores(counts: _Counts) -> np.ndarray:
    """How often a customer bought a product, then how often all did."""
    return counts.times[counts.rows].toarray() * 1e9 + counts.popular


def _cosine_scores(counts: _Counts, k: int, side: str) -> np.ndarray:
    """Item-kNN: cosine of who bought, k nearest of the product bought (source) or of the one to score (target)."""
    owned = (counts.times > 0).astype(np.float64)
    together = (owned.T @ owned).toarray()
    length = np.sqrt(np.maximum(np.diag(together), 1.0))
    cosine = together / length[:, None] / length[None, :]
    np.fill_diagonal(cosine, 0.0)
    least = -np.sort(-cosine, axis=1)[:, k - 1 : k]
    cosine[cosine < least] = 0.0
    return owned[counts.rows] @ (cosine.T if side == "target" else cosine)


def _bm25_scores(counts: _Counts, k: int, b: float) -> np.ndarray:
    from implicit.nearest_neighbours import BM25Recommender

    model = BM25Recommender(K=k, B=b, num_threads=1)
    model.fit(counts.times.tocsr(), show_progress=False)
    return (counts.times[counts.rows] @ model.similarity.tocsr()).toarray()


def _als_scores(counts: _Counts, factors: int, regularization: float) -> np.ndarray:
    from implicit.cpu.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(
        factors=factors, regularization=regularization, iterations=15, random_state=0, num_threads=1
    )
    model.fit(counts.times.tocsr(), show_progress=False)
    return model.user_factors[counts.rows] @ model.item_factors.T


def _popular_scores(counts: _Counts) -> np.ndarray:
    return np.tile(counts.popular.astype(np.float64), (len(counts.rows), 1))
