"""What stands behind predictions: the shop's facts, and the recommender's own factorization."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.audience import Bulk, Foretelling, PredictionFiles, Predictions, ServingModels, Shoppers, Training
from zhanggui.kernel.datasheets import DataGate
from zhanggui.recommend import product_vectors
from zhanggui.shop.service.naming import Naming

from .base import Base
from .shop import Facts


class CustomerNames:
    """Customers among persons, by the shop's own numbering."""

    def customers_among(self, db: sa.Connection, persons: Collection[int]) -> Mapping[int, str]:
        """The ids of those who are customers."""
        found = Naming().people(db, persons)
        return {number: customer for number, (customer, _) in found.items() if customer is not None}


class SpectralItems:
    """Products as singular vectors, by the recommender's own factorization; its models in service keep lists alone."""

    def vectors(self, person: NDArray[np.int64], product: NDArray[np.int64], size: int) -> NDArray[np.float64]:
        """See `ItemSpace`."""
        return product_vectors(person, product, size)


def predictions_of(
    base: Base, facts: Facts, shoppers: Shoppers, ahead_of: Callable[[int], int], data_gate: DataGate
) -> Predictions:
    """Predictions over the shop's facts; whoever reads people asks for consent; `data_gate` looks at training sets."""
    files = PredictionFiles(folder=base.folder / "models" / "audience")
    models, customers = ServingModels(files), CustomerNames()
    return Predictions(
        db=base.db,
        training=Training(
            db=base.db,
            clock=base.clock,
            history=facts["history"],
            customers=customers,
            live=facts["live"],
            files=files,
            ahead_of=ahead_of,
            data_gate=data_gate,
            items=SpectralItems(),
        ),
        foretelling=Foretelling(
            db=base.db,
            clock=base.clock,
            live=facts["live"],
            shoppers=shoppers,
            tails=facts["events"],
            models=models,
            ahead_of=ahead_of,
        ),
        bulk=Bulk(
            db=base.db,
            clock=base.clock,
            history=facts["history"],
            customers=customers,
            shoppers=shoppers,
            models=models,
            ahead_of=ahead_of,
        ),
    )
