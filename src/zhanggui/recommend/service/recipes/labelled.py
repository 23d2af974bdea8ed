"""The shelf that a label opens: products with it, those first that it is truest of; taste has a say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.service.labels.desk import known
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.surfaces import LABEL
from zhanggui.recommend.service.wishing import MOST, Recipe
from zhanggui.recommend.tables.labels import StoredLabel
from zhanggui.recommend.types.lists import Reason, Recommendations

from .kept import allowed

TASTE = 0.5
"""What taste adds at most, in units of a share: so much of the shop's best."""


class LabelShelves:
    """Recommends among the products of one label."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def products(
        self,
        label: str,
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
    ) -> Recommendations:
        """Products that show a label, each with its share and count as the reason; none where none shows it now.

        Args:
            label: its code.
            k: at most so many.
            language: of titles and reasons.
            customer_id: whose taste has a say, and whom it must please.
            visitor_id: likewise.

        Raises:
            UnknownLabel: there is none of that code.
        """
        code = known(label)
        snapshot, shopper, wish = self._serving.asked_by(customer_id, visitor_id, k, LABEL, code)
        rows = {row.product: row for row in snapshot.goods.labels.rows.get(code, ())}
        numbers = np.array([number for number in rows if number < len(snapshot.blocked)], dtype=np.int64)
        among = np.zeros(len(snapshot.blocked), dtype=np.bool_)
        among[numbers] = True
        among &= allowed(snapshot, shopper, wish)
        share = np.zeros(len(among), dtype=np.float32)
        share[numbers] = [rows[number].share for number in numbers.tolist()]
        found = np.flatnonzero(among)
        extra = found[np.lexsort((found, -share[found]))][: 2 * MOST].astype(np.int32)
        taste = TASTE if len(shopper.past.seq) else 0.0

        def weigh(ids: NDArray[np.int32], scores: Floats) -> Floats:
            span = float(np.ptp(scores)) if len(scores) else 0.0
            liked = (scores - scores.min()) / np.float32(span) if span > 0 else np.zeros_like(scores)
            worth: Floats = share[ids] + np.float32(taste) * liked
            return worth

        def tell(number: int, reason: Reason) -> Reason:
            return Reason("earned_label", _said(rows[number]), reason.evidence, {"label": 1.0})

        wanted = replace(wish, recipe=Recipe(among=among, extra=extra, weigh=weigh))
        return self._serving.serve(snapshot, shopper, wanted, language, tell=tell)


def _said(row: StoredLabel) -> dict[str, str]:
    return {
        "label": row.label,
        "percent": f"{row.share:.0%}".rstrip("%"),
        "orders": str(row.orders),
        "average": f"{row.shop_share:.0%}".rstrip("%"),
    }
