"""How a training ended, in words."""

from __future__ import annotations

import msgspec

from zhanggui.recommend.types.models import ModelCard, TrainReport


def report_of(card: ModelCard, seconds: float) -> TrainReport:
    """How the training of a model ended."""
    if not card.metrics:
        return _stopped(card, seconds)
    figures = "recall@20 not measured, because nobody came twice or stayed for a second product"
    if card.recall is not None:
        figures = f"recall@20 {card.recall:.4f} (popular {card.metrics['recall@20_popular']:.4f})"
    verdict = "is in service" if not card.reason else f"does not serve: {card.reason}"
    return TrainReport(
        model=card.id,
        in_service=not card.reason,
        summary=f"Model {card.id} {verdict}. {card.rows:,} events, {card.products:,} products, {figures}.",
        metrics=msgspec.structs.asdict(card)["metrics"],
        seconds=round(seconds, 2),
    )


def _stopped(card: ModelCard, seconds: float) -> TrainReport:
    """Of a training whose set did not pass."""
    failed = next((one for one in card.datasheet.checks if one.state == "block"), None) if card.datasheet else None
    found = "" if failed is None else f" It found {failed.found:,} of {failed.of:,} ({', '.join(failed.where)})."
    check = card.reason.partition(":")[2]
    return TrainReport(
        model=card.id,
        in_service=False,
        summary=f"Nothing was learned: the training set did not pass the check {check!r}.{found} "
        "The present model serves on.",
        metrics={},
        seconds=round(seconds, 2),
    )
