"""Where an answer meets the trees of its model: only with a history, and only where no recipe weighs by itself."""

from __future__ import annotations

from datetime import datetime, tzinfo

from zhanggui.recommend.engines.first_stage import Blend, Digest, History
from zhanggui.recommend.engines.ranking.context import context_of
from zhanggui.recommend.engines.ranking.facts import Facts
from zhanggui.recommend.engines.ranking.lessons import NOT_FORESEEN
from zhanggui.recommend.engines.ranking.rescoring import Asked

from .live_state import Snapshot
from .wishing import Wish


def asked(snapshot: Snapshot, history: History, folded: Digest, blend: Blend, wish: Wish) -> Asked | None:
    """What trees are to be asked; None where the sum alone orders."""
    if snapshot.facts is None or wish.recipe is not None or len(folded.products) == 0:
        return None
    return asked_about(snapshot, history, folded, blend, wish, snapshot.facts)


def asked_about(snapshot: Snapshot, history: History, folded: Digest, blend: Blend, wish: Wish, facts: Facts) -> Asked:
    """What trees are, or would be, asked about an answer."""
    return Asked(
        graphs=snapshot.graphs,
        signals=snapshot.signals,
        blend=blend,
        history=history,
        past=folded,
        facts=facts,
        offset_ms=offset_of(wish.zone, wish.now_ms),
        context=context_of(wish.channel, wish.device),
        foreseen=NOT_FORESEEN if wish.foreseen is None else wish.foreseen,
    )


def offset_of(zone: tzinfo, at_ms: int) -> int:
    """What a clock of the zone shows more than UTC at a moment, in milliseconds."""
    offset = datetime.fromtimestamp(at_ms / 1000, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds() * 1000)
