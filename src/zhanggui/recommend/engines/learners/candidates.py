"""What `auto` may try on given behaviour, and how settings are tried without and with another fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import inf
from typing import Any, TypeVar

import numpy as np

from zhanggui.recommend.engines.evaluation.tasks import is_ordered
from zhanggui.recommend.engines.interactions import Interactions

from .base import Fitted, Learner
from .cells import Lens
from .covisit import Covisit
from .factors import Factors
from .habits import Habits, are_taken_again
from .linear import Ease, LocalEase
from .neural.apr import Apr
from .neural.mult_vae import MultVae
from .neural.rec_vae import RecVae
from .neural.sasrec import Sasrec
from .neural.tensors import is_installed
from .plain import Popular
from .sequences import Sequences
from .sessions import SessionNeighbours
from .spectral import Spectral
from .walks import Walks

T = TypeVar("T")
Values = Mapping[str, tuple[float, ...]]
_USUAL_RANK = 512
_PRODUCTS_A_FREQUENCY = 40
"""Without order fewer tastes than these hide what is rare; trying another rank is what budgets leave no time for."""

_LEAST_EVENTS, _EVENTS_A_PERSON, _EVENTS_A_PRODUCT = 50_000, 5, 10
"""Below these a network learns by heart, and the time is better given to other settings of what counts pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A learner and which of its settings are worth trying.

    Attributes:
        learner: with its usual settings.
        free: values of settings that act when a history is scored, such as `lens.half_life`: tried without a fit.
        dear: values of settings that need another fit.
    """

    learner: Learner
    free: Values = field(default_factory=dict)
    dear: Values = field(default_factory=dict)


def candidates_for(train: Interactions) -> tuple[Candidate, ...]:
    """The methods that suit behaviour with or without order, the most promising first."""
    if not is_ordered(train):
        return _without_order(train, _powers(()))
    return _with_order(train, _powers((0.0, 0.7, 1.5, 4.0)))


def suits_networks(train: Interactions) -> bool:
    """Whether PyTorch is installed, and histories can teach a network."""
    return is_installed() and is_long_and_dense(train)


def is_long_and_dense(train: Interactions) -> bool:
    """Whether there are enough events, by themselves, a person and a product, to teach a network."""
    people = len(train.person_starts()) - 1
    return len(train) >= max(_LEAST_EVENTS, _EVENTS_A_PERSON * people, _EVENTS_A_PRODUCT * train.size)


def _powers(ages: tuple[float, ...]) -> Values:
    return {
        "lens.target_power": (-0.15, 0.15, 0.3),
        "lens.source_power": (-0.2, 0.2, 0.4),
        **({"lens.half_life": ages} if ages else {}),
    }


def _without_order(train: Interactions, powers: Values) -> tuple[Candidate, ...]:
    rank = int(np.clip(train.size // _PRODUCTS_A_FREQUENCY, 64, 1024))
    return (
        Candidate(learner=Popular()),
        *_habits(train, ages=()),
        _local(LocalEase(neighbours=80, ridge=20.0, lens=Lens(half_life=0.0, source_power=0.3)), powers),
        _people_alike(),
        _spectral(rank, Lens(half_life=0.0), powers),
        _walks(Lens(half_life=0.0), powers),
        *_of_all_products(Lens(half_life=0.0), powers),
        *(_readers(powers) if suits_networks(train) else ()),
    )


def _with_order(train: Interactions, powers: Values) -> tuple[Candidate, ...]:
    lens = Lens(half_life=1.5)
    back: Values = {"lens.half_life": (0.5, 2.0, 4.0), "lens.target_power": (-0.15, 0.0, 0.3)}
    voting: Values = {
        "half_life": (0.0, 0.1, 1.0),
        "length_power": (0.2, 0.8),
        "before": (0.4,),
        "distance": (2.0, 8.0),
        "lens.half_life": (0.5, 2.0),
    }
    return (
        Candidate(learner=Popular()),
        *_habits(train, ages=(0.0, 5.0, 80.0, 320.0)),
        Candidate(learner=Covisit(), free=back, dear={"counting.before": (0.0, 1.0), "counting.shrink": (5.0, 60.0)}),
        Candidate(learner=Sequences(), free=back, dear={"ridge": (2.0, 40.0)}),
        Candidate(learner=SessionNeighbours(), free=voting),
        _local(LocalEase(lens=replace(lens, source_power=0.3)), powers),
        _walks(lens, powers),
        _spectral(_USUAL_RANK, lens, powers),
        *((Candidate(learner=Sasrec()),) if suits_networks(train) else ()),
        *_of_all_products(lens, powers),
    )


def _habits(train: Interactions, *, ages: tuple[float, ...]) -> tuple[Candidate, ...]:
    """Where products are taken again; of rows without order each counts alike."""
    if not are_taken_again(train):
        return ()
    free: Values = {**({"half_life": ages} if ages else {}), "power": (0.5,)}
    return (Candidate(learner=Habits(half_life=20.0 if ages else 0.0), free=free),)


def _local(learner: LocalEase, powers: Values) -> Candidate:
    return Candidate(learner=learner, free=powers, dear={"person_power": (0.0,), "ridge": (10.0, 150.0)})


def _walks(lens: Lens, powers: Values) -> Candidate:
    return Candidate(learner=Walks(lens=lens), free=powers, dear={"person_power": (0.7, 1.0)})


def _people_alike() -> Candidate:
    """Everybody who shares rare products with a history speaks for all that they took, wherever it stands."""
    lens = Lens(half_life=0.0, source_power=0.5, target_power=0.15)
    return Candidate(
        learner=SessionNeighbours(neighbours=300, half_life=0.0, length_power=0.5, distance=inf, lens=lens),
        free={"lens.target_power": (0.0, 0.3), "lens.source_power": (0.3, 0.7), "neighbours": (100, 1000)},
    )


def _spectral(rank: int, lens: Lens, powers: Values) -> Candidate:
    return Candidate(
        learner=Spectral(rank=rank, lens=replace(lens, source_power=0.34)),
        free={"filter_power": (0.5, 2.0), **powers},
        dear={"rank": (64, 1024)},
    )


def _readers(powers: Values) -> tuple[Candidate, ...]:
    """Networks that read bags: where the same histories were solved exactly, they seldom gained, and took longest."""
    free = {path.replace("lens.", "basis.lens."): values for path, values in powers.items()}
    return tuple(Candidate(learner=learner, free=free) for learner in (Apr(), RecVae(), MultVae()))


def _of_all_products(lens: Lens, powers: Values) -> tuple[Candidate, ...]:
    """Those that look at all pairs of products or people: dear, and last."""
    return (
        Candidate(
            learner=Ease(lens=replace(lens, source_power=0.2)),
            free=powers,
            dear={"person_power": (0.0,), "ridge": (20.0, 500.0)},
        ),
        Candidate(
            learner=Factors(lens=lens),
            free={path: values for path, values in powers.items() if path != "lens.source_power"},
            dear={"unseen_weight": (0.003, 0.15), "ridge": (0.002, 0.05)},
        ),
    )


def changed(learner: T, path: str, value: float) -> T:
    """A copy of a frozen dataclass with the setting at a dotted path set."""
    name, _, rest = path.partition(".")
    inner = getattr(learner, name)
    return replace(learner, **{name: changed(inner, rest, value) if rest else type(inner)(value)})  # type: ignore[type-var]


def refocused(fitted: Fitted, learner: Learner) -> Fitted:
    """What was fitted, with the free settings of another learner of its kind."""
    own = {one.name for one in fields(fitted)}  # type: ignore[arg-type]
    if "settings" in own:
        return replace(fitted, settings=learner)  # type: ignore[type-var]
    shared = {one.name: getattr(learner, one.name) for one in fields(learner) if one.name in own}  # type: ignore[arg-type]
    return replace(fitted, **shared)  # type: ignore[type-var]


def settings_of(learner: Learner, candidate: Candidate) -> dict[str, Any]:
    """The values that were chosen of what `candidate` tries."""
    return {path: _value(learner, path) for path in (*candidate.free, *candidate.dear)}


def _value(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = getattr(thing, name)
    return thing
