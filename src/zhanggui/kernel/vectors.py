"""Nearest vectors by cosine: an SQ8 scan by faiss, its head scored again in floats; IVF when the rows are many.

Added and changed rows stand in a small float table beside the faiss index until they are worth a rebuild, and removed
rows are masked: a change costs microseconds and counts in the very next search. Readers hold an immutable snapshot,
so searches take no lock.

Source: Johnson, Douze and Jégou, "Billion-scale similarity search with GPUs", IEEE Trans. Big Data 2021.
"""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from .errors import InvalidInput

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

EXACT_UP_TO = 200_000
"""Rows up to which every row is scanned; beyond, an inverted file chooses the lists to scan."""
_WANTED_RECALL = 0.97
_SAMPLE = 100


def _faiss() -> Any:
    # Untyped on purpose: faiss's stubs miss the arguments that its SWIG classes take.
    import faiss

    return faiss


class BadVectors(InvalidInput):
    """Vectors of the wrong shape or with values that are no numbers."""

    code = "vectors.bad_vectors"


class VectorCard(msgspec.Struct, frozen=True, kw_only=True):
    """What an index is. `recall_at_10` was measured on rows of the index itself against a full float scan."""

    method: str  # empty, sq8, ivf-sq8
    rows: int
    dimension: int
    recall_at_10: float
    lists: int = 0
    probes: int = 0


class _Snapshot(msgspec.Struct, frozen=True):
    scanned: Any  # the faiss index, None while there are no rows in it
    ids: Ids  # (n,) of the rows in faiss, in its order
    rows: Floats  # (n, d)
    alive: npt.NDArray[np.bool_]  # (n,)
    fresh_ids: Ids  # (m,) rows that faiss has not seen
    fresh_rows: Floats
    card: VectorCard


class VectorIndex:
    """Vectors by int64 id. Safe to search from many threads while one adds or removes.

    Args:
        dimension: length of every vector.
        threads: how many threads faiss may use in one call.
        exact_up_to: rows up to which the scan is over all rows.
    """

    def __init__(self, dimension: int, *, threads: int = 1, exact_up_to: int = EXACT_UP_TO) -> None:
        if dimension < 1:
            raise BadVectors(f"A vector has at least one value, not {dimension}.")
        self.dimension = dimension
        self._threads = threads
        self._exact_up_to = exact_up_to
        self._changing = threading.Lock()
        self._now = self._scan(np.empty(0, np.int64), np.empty((0, dimension), np.float32))

    @classmethod
    def build(cls, ids: Ids, vectors: Floats, *, threads: int = 1, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
        """An index over `vectors` (n, d); rows need not have length 1. A row of zeros scores 0 with everything."""
        if vectors.ndim != 2:
            raise BadVectors(f"Vectors come as (rows, values), not with the shape {vectors.shape}.")
        index = cls(vectors.shape[1], threads=threads, exact_up_to=exact_up_to)
        index.add(ids, vectors)
        return index

    def __len__(self) -> int:
        """How many ids can be found."""
        return int(self._now.alive.sum()) + len(self._now.fresh_ids)

    @property
    def card(self) -> VectorCard:
        """How this index scans, and with what measured recall (as of its last rebuild)."""
        return self._now.card

    def add(self, ids: Ids, vectors: Floats) -> None:
        """Add vectors, or replace those whose id is known already.

        Raises:
            BadVectors: another dimension, another number of rows than ids, an id twice, or a value not finite.
        """
        rows = self._checked(vectors)
        ids = np.asarray(ids, dtype=np.int64)
        if ids.shape != (len(rows),) or len(np.unique(ids)) != len(ids):
            raise BadVectors(f"{len(rows)} vectors need as many different ids, not {ids.shape}.")
        with self._changing:
            now = _without(self._now, ids)
            fresh_ids = np.concatenate([now.fresh_ids, ids])
            fresh_rows = np.concatenate([now.fresh_rows, rows])
            if len(fresh_ids) > max(1024, len(now.ids) // 20):
                kept = now.alive
                now = self._scan(
                    np.concatenate([now.ids[kept], fresh_ids]), np.concatenate([now.rows[kept], fresh_rows])
                )
            else:
                now = msgspec.structs.replace(now, fresh_ids=fresh_ids, fresh_rows=fresh_rows)
            self._now = now

    def remove(self, ids: Ids) -> None:
        """Forget these ids; unknown ones are passed over."""
        with self._changing:
            self._now = _without(self._now, np.asarray(ids, dtype=np.int64))

    def search(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """The nearest rows of each query.

        Args:
            queries: (q, d), of any length.
            k: how many; with fewer rows than `k` all come back.

        Returns:
            (q, min(k, rows)) ids and cosines, best first; of equal cosines the smaller id first.

        Raises:
            BadVectors: another dimension, a value not finite, or a negative `k`.
        """
        if k < 0:
            raise BadVectors(f"k must not be negative; it is {k}.")
        wanted = self._checked(queries)
        now = self._now
        width = min(k, int(now.alive.sum()) + len(now.fresh_ids))
        ids = np.empty((len(wanted), width), np.int64)
        scores = np.empty((len(wanted), width), np.float32)
        if width == 0:
            return ids, scores
        heads = self._heads(now, wanted, width)
        for n, query in enumerate(wanted):
            head = heads[n][heads[n] >= 0]
            known = np.concatenate([now.ids[head], now.fresh_ids])
            cosines = np.concatenate([now.rows[head] @ query, now.fresh_rows @ query])
            best = np.lexsort((known, -cosines))[:width]
            ids[n], scores[n] = known[best], cosines[best]
        return ids, scores

    def _heads(self, now: _Snapshot, queries: Floats, k: int) -> Ids:
        """(q, ≥k) positions in `now.rows` of the best by quantised score, −1 where there are fewer."""
        if now.scanned is None or not now.alive.any():
            return np.full((len(queries), 1), -1, np.int64)
        faiss = _faiss()
        faiss.omp_set_num_threads(self._threads)  # OpenMP keeps this per calling thread, so it is set each time
        living = int(now.alive.sum())
        depth = min(living, max(4 * k, k + 64))
        chooser = None if living == len(now.alive) else faiss.IDSelectorBatch(np.flatnonzero(now.alive))
        if now.card.probes == 0:
            how = faiss.SearchParameters(sel=chooser)
        else:
            # Few rows are wanted of the nearest lists; when nearly all are, every list is looked through.
            probes = now.card.lists if depth * now.card.lists > living * now.card.probes // 4 else now.card.probes
            how = faiss.SearchParametersIVF(sel=chooser, nprobe=probes)
        found: Ids = now.scanned.search(queries, depth, params=how)[1]
        return found

    def _checked(self, vectors: Floats) -> Floats:
        rows = np.asarray(vectors, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.dimension:
            raise BadVectors(
                f"This index holds vectors of {self.dimension} values; these have the shape {rows.shape}.",
                hint=f"Pass (rows, {self.dimension}) made by the model that the index was built with.",
            )
        if not np.isfinite(rows).all():
            raise BadVectors("A vector holds a value that is not a finite number.")
        # Scaled first: squares of very large or very small values would leave the range of float32.
        largest = np.abs(rows).max(axis=1, keepdims=True, initial=0)
        rows = np.divide(rows, largest, out=np.zeros_like(rows), where=largest > 0)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.ascontiguousarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0))

    def _scan(self, ids: Ids, rows: Floats) -> _Snapshot:
        none = _Snapshot(
            None,
            ids,
            rows,
            np.ones(len(ids), np.bool_),
            np.empty(0, np.int64),
            np.empty((0, self.dimension), np.float32),
            VectorCard(method="empty", rows=0, dimension=self.dimension, recall_at_10=1.0),
        )
        if len(ids) == 0:
            return none
        faiss = _faiss()
        faiss.omp_set_num_threads(self._threads)
        if len(ids) <= self._exact_up_to:
            index = faiss.IndexScalarQuantizer(
                self.dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
            )
            card = VectorCard(method="sq8", rows=len(ids), dimension=self.dimension, recall_at_10=1.0)
        else:
            lists = int(4 * np.sqrt(len(ids)))
            coarse = faiss.IndexFlatIP(self.dimension)
            index = faiss.IndexIVFScalarQuantizer(
                coarse, self.dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
            )
            index.cp.seed = 1234  # the same rows give the same lists
            card = VectorCard(
                method="ivf-sq8", rows=len(ids), dimension=self.dimension, recall_at_10=0, lists=lists, probes=8
            )
        index.train(rows)
        index.add(rows)
        return self._measured(msgspec.structs.replace(none, scanned=index, card=card))

    def _measured(self, built: _Snapshot) -> _Snapshot:
        """Measure recall@10 on rows of the index; an inverted file probes more lists until it is good."""
        sample = built.rows[np.linspace(0, len(built.ids) - 1, min(_SAMPLE, len(built.ids)), dtype=np.int64)]
        k = min(10, len(built.ids))
        exact = sample @ built.rows.T
        # By score and not by id: rows that are equal are equally right.
        bound = np.partition(exact, -k, axis=1)[:, -k] - 1e-5
        while True:
            heads = self._heads(built, sample, k)
            scores = np.where(heads >= 0, np.take_along_axis(exact, np.maximum(heads, 0), axis=1), -2)
            hits = (scores >= bound[:, None]).sum(axis=1)
            recall = float(np.minimum(hits, k).mean() / k)
            probes = built.card.probes
            if recall >= _WANTED_RECALL or probes >= built.card.lists:
                return msgspec.structs.replace(
                    built, card=msgspec.structs.replace(built.card, recall_at_10=round(recall, 4))
                )
            more = min(2 * probes, built.card.lists)
            built = msgspec.structs.replace(built, card=msgspec.structs.replace(built.card, probes=more))


def _without(now: _Snapshot, ids: Ids) -> _Snapshot:
    kept = ~np.isin(now.fresh_ids, ids)
    return msgspec.structs.replace(
        now,
        alive=now.alive & ~np.isin(now.ids, ids),
        fresh_ids=now.fresh_ids[kept],
        fresh_rows=now.fresh_rows[kept],
    )
