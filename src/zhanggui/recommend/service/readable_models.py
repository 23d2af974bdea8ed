"""Models as answers and trainings want them: one that cannot be read stops neither."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.errors import BrokenModel
from zhanggui.recommend.types.models import ModelCard

from .model_store import ModelStore

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReadableModels:
    """The models of a store that are whole."""

    store: ModelStore

    def load(self, card: ModelCard) -> RankModel | None:
        """The model of a card; None for a broken one, which the log names with its cure."""
        try:
            return self.store.load(card)
        except BrokenModel as broken:
            log.warning("model cannot be read, going on without it", model=card.id, why=str(broken), cure=broken.hint)
            return None
