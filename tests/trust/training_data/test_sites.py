"""Whatever learns from persons passes the gate first: a walk over the code finds who reads for training."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from zhanggui import shop

SOURCE = Path(shop.__file__).parents[1]
GATED = {
    "recommend/service/training/trainer.py": "the recommender",
    "recommend/service/aims/rehearsing.py": "lists that rehearse the slider",
    "recommend/service/tastes.py": "tastes on which mitigations are measured",
    "recommend/service/labels/earner.py": "labels that goods earn",
    "audience/service/predictions/training.py": "predictions",
    "audience/service/learned/learning.py": "learned segments",
    "audience/service/predictions/outlooks.py": "what was foreseen of customers at moments of the recommender's set",
    "trust/service/fairness/erasing.py": "what takes groups out of tastes",
}
"""Modules that learn from persons; each names its gate and minds what it says."""
READS_FOR_THEM = {
    "recommend/service/training/behaviour.py",
    "audience/service/profiles/tastes.py",
    "audience/service/predictions/reading.py",
}
"""Read for those above, and learn nothing themselves."""
LEARNS_NOTHING = {
    "app/storefront/mine.py": "words of the purpose",
    "trust/engines/consent.py": "what silence means",
    "trust/service/training_data/gate.py": "the gate",
    "trust/service/fairness/weighing.py": "weighs rows of the recommender's set, which passed; keeps no weight",
    "recommend/service/training/served_places.py": "where lists of the recommender's set stood; a count a place",
    "recommend/service/training/triggers.py": "counts arrivals, to say when a training is due",
}
LEARNERS = {"behaviour_of": "", "fit_eraser": "", "columns_of": "behaviour import", "past_of": "reading import"}
"""What is called to read a training set or to learn from one, and how the import of it is known."""
CALLS_FOR_ANOTHER_USE = {
    "recommend/service/training/behaviour.py": "defines them",
    "audience/service/predictions/reading.py": "defines it",
    "audience/service/predictions/foretelling.py": "reads to foretell, with models that were learned",
    "audience/service/predictions/bulk.py": "reads to foretell, with models that were learned",
    "audience/service/plans/planning.py": "counts what a tier did, for its forecast",
    "trust/engines/fairness/debiasing.py": "defines it",
    "trust/engines/fairness/adversarial.py": "is handed the tastes that passed, by debiasing",
    "trust/service/fairness/mitigations.py": "measures on tastes that passed as `tastes`; keeps nothing",
}


def texts() -> dict[str, str]:
    files = (file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)
    return {file.relative_to(SOURCE).as_posix(): file.read_text(encoding="utf-8") for file in files}


def reads_for_training(text: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "TRAINING" and getattr(node.value, "id", "") == "Purpose"
        for node in ast.walk(ast.parse(text))
    )


def calls(text: str) -> set[str]:
    called = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    names = {getattr(one, "id", getattr(one, "attr", "")) for one in called}
    return {name for name, imported in LEARNERS.items() if name in names and imported in text}


def test_the_walk_sees_who_reads_for_training() -> None:
    assert reads_for_training("history.history(Purpose.TRAINING, None)")
    assert not reads_for_training("history.history(Purpose.ANALYTICS, None)  # Purpose.TRAINING")
    assert calls("events = reading.behaviour_of(history)[0]") == {"behaviour_of"}


def test_every_reading_for_training_is_of_a_module_that_passes_the_gate_or_learns_nothing() -> None:
    found = {name for name, text in texts().items() if "Purpose.TRAINING" in text and reads_for_training(text)}

    assert found <= set(GATED) | READS_FOR_THEM | set(LEARNS_NOTHING)


def test_every_call_that_reads_or_learns_a_set_is_of_a_module_that_passes_the_gate() -> None:
    found = {name for name, text in texts().items() if any(one in text for one in LEARNERS) and calls(text)}

    assert found - set(CALLS_FOR_ANOTHER_USE) - set(LEARNS_NOTHING) <= set(GATED)


def test_whoever_learns_asks_the_gate_and_minds_its_answer() -> None:
    held = texts()

    for name in GATED:
        assert re.search(r"\bdata_gate\b", held[name]), name
        assert re.search(r"\.reason\b", held[name]), name
