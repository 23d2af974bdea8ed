"""What a training says that came to nothing, in the words of whoever reads the pages of models and of jobs."""

from __future__ import annotations

from typing import Final

from zhanggui.kernel.words import N_

TRAINING_SENTENCES: Final = (
    N_("{rows} events with products; training needs {least}."),
    N_("Until then the shop recommends by content and by what is wanted now."),
    N_("A model of {products} products needs {needed} MiB; the budget is {budget} MiB."),
    N_("The present model serves on."),
    N_("Raise it: {variable}, or memory_mb under [recommend]."),
)
"""As `recommend` says it; `{…}` stands for what it saw."""
