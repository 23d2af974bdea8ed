"""Learners by the names that the command line and tables use, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from zhanggui.recommend.engines.evaluation.tasks import Task

from .auto import Auto
from .base import Learner, Limits
from .covisit import Covisit
from .factors import Factors
from .habits import Habits
from .linear import Ease, LocalEase
from .neural.apr import Apr
from .neural.autoencoding import Basis
from .neural.descent import Pace
from .neural.mult_vae import MultVae
from .neural.rec_vae import RecVae
from .neural.sasrec import Sasrec
from .plain import ItemKnn, OwnFrequency, Popular
from .sequences import Sequences
from .sessions import SessionNeighbours
from .spectral import Spectral
from .walks import Walks

Make = Callable[[Task, Limits], Learner]
"""Most methods look at neither; one that chooses among methods needs the task's protocol and what it may spend.

Networks learn for as many seconds as they are given, and stop sooner where validation gains no more.
"""


def _pace(limits: Limits) -> Pace:
    usual = Pace()
    return usual if limits.seconds is None else replace(usual, seconds=min(usual.seconds, limits.seconds))


LEARNERS: Mapping[str, Make] = {
    "popularity": lambda _task, _limits: Popular(),
    "own-frequency": lambda _task, _limits: OwnFrequency(),
    "item-knn": lambda _task, _limits: ItemKnn(),
    "habits": lambda _task, _limits: Habits(),
    "covisit": lambda _task, _limits: Covisit(),
    "sequences": lambda _task, _limits: Sequences(),
    "sessions": lambda _task, _limits: SessionNeighbours(),
    "walks": lambda _task, _limits: Walks(),
    "spectral": lambda _task, _limits: Spectral(),
    "ease": lambda _task, _limits: Ease(),
    "ease-local": lambda _task, _limits: LocalEase(),
    "factors": lambda _task, _limits: Factors(),
    "sasrec": lambda _task, limits: Sasrec(pace=_pace(limits)),
    "mult-vae": lambda _task, limits: MultVae(basis=Basis(pace=_pace(limits))),
    "rec-vae": lambda _task, limits: RecVae(basis=Basis(pace=_pace(limits))),
    "apr": lambda _task, limits: Apr(basis=Basis(pace=_pace(limits))),
    "auto": lambda task, limits: Auto(task=task, limits=limits),
}
"""Methods by name."""

NEURAL = ("sasrec", "mult-vae", "rec-vae", "apr")
"""Those that need the extra `neural`."""

ALIASES: Mapping[str, str] = {"pop": "popularity", "popular": "popularity", "itemknn": "item-knn", "knn": "item-knn"}
"""Other words for the same."""
