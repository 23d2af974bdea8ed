"""What is written down of a model that was trained."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from zhanggui.recommend.engines.blend import FEATURES
from zhanggui.recommend.engines.graphs.methods import NETWORK_NAMES
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.types.models import TAUGHT_BY, ModelCard

from .basis import Basis
from .model_check import Learned, refusal


def libraries_of(learned: Learned) -> tuple[str, ...]:
    """Those whose versions a model depends on: that of trees, or of networks, only where it has them."""
    has_networks = any(one.method in NETWORK_NAMES and one.weight > 0 for one in learned.tried)
    trees = ("lightgbm",) if learned.stage.trees else ()
    return ("numpy", "numba", "scipy", *trees, *(("torch",) if has_networks else ()))


def card_of(
    model: RankModel,
    basis: Basis,
    learned: Learned,
    *,
    method: str,
    seed: int,
    at_ms: int,
    budget: Mapping[str, str],
) -> ModelCard:
    """The card of a model: `method` is behind `alike`, `at_ms` the present moment, `budget` what training may take."""
    metrics, events = learned.metrics, basis.events
    reason = refusal(metrics)
    return ModelCard(
        id=model.id,
        kind=KIND,
        state="refused" if reason else "current",
        at_ms=at_ms,
        rows=len(events),
        people=len(events.person_starts()) - 1,
        products=basis.view.products,
        from_ms=int(events.at_ms.min()),
        until_ms=model.start_ms,
        until_seq=model.until_seq,
        view_seq=model.view_seq,
        seed=seed,
        parameters={"alike": method, "ranker": learned.stage.told, **budget, **_parameters(model, basis)},
        metrics={name: round(value, 6) for name, value in metrics.items()},
        libraries={name: version(name) for name in libraries_of(learned)},
        reason=reason,
        tried=learned.tried,
        datasheet=basis.sheet,
    )


def _parameters(model: RankModel, basis: Basis) -> dict[str, str]:
    """What was learned, what was taken over, and whose aims taught it."""
    held = {"cold_gain": f"{model.cold_gain:.4f}"}
    if basis.reused:
        held["reused"] = ", ".join(basis.reused)
    if basis.taught_by:
        held[TAUGHT_BY] = basis.taught_by
    return held | {f"weight_{name}": f"{value:.4f}" for name, value in zip(FEATURES, model.blend, strict=True)}
