"""What segments are learned from, at the gate: the products that people like, a row each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhanggui.audience.engines.learned.sketching import Sketch
from zhanggui.kernel.datasheets import DataGate, Datasheet, TrainingData
from zhanggui.shop import CatalogueView

KIND = "segments"


def passed(gate: DataGate, people: Mapping[int, Sketch], view: CatalogueView) -> tuple[dict[int, Sketch], Datasheet]:
    """(who may be learned from, what the gate found). Whoever's every row looks like manipulation is left out."""
    rows = sorted(
        (person, thing.last_ms, view.numbers[id_], thing.strength)
        for person, sketch in people.items()
        for id_, thing in sketch.products.items()
        if id_ in view.numbers
    )
    person, at_ms, product, strength = zip(*rows, strict=True) if rows else ((), (), (), ())
    liked = set(product)
    sheet, kept = gate.check(
        TrainingData(
            kind=KIND,
            person=np.array(person, dtype=np.int64),
            product=np.array(product, dtype=np.int64),
            at_ms=np.array(at_ms, dtype=np.int64),
            strength=np.array(strength, dtype=np.float64),
            texts=view.learned_texts(liked),
            withheld=view.withheld(liked),
            names=dict(enumerate(view.ids)),
        )
    )
    suspected = set(person) - {one for one, is_kept in zip(person, kept.tolist(), strict=True) if is_kept}
    return {number: sketch for number, sketch in people.items() if number not in suspected}, sheet
