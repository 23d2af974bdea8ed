"""The methods whose knowledge fits into neighbour lists, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from zhanggui.recommend.engines.covisitation import CovisitationConfig
from zhanggui.recommend.engines.learners.base import Learner
from zhanggui.recommend.engines.learners.candidates import changed
from zhanggui.recommend.engines.learners.cells import Lens
from zhanggui.recommend.engines.learners.covisit import Covisit
from zhanggui.recommend.engines.learners.factors import Factors
from zhanggui.recommend.engines.learners.linear import Ease, LocalEase
from zhanggui.recommend.engines.learners.sequences import Sequences
from zhanggui.recommend.engines.learners.spectral import Spectral
from zhanggui.recommend.engines.learners.walks import Walks

PLAIN = Lens(length_power=0.0)
"""A live history has its own weights."""
BY_SESSION = CovisitationConfig(neighbours=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method, and the values of its settings that are tried one after the other.

    Attributes:
        name: by which cards call it.
        tries: setting, with dots → values.
    """

    name: str
    tries: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


ALIKE: tuple[Method, ...] = (
    Method(name="ease", tries={"ridge": (30.0, 300.0, 1000.0), "target_half_life": (2.0, 8.0), "person_power": (0.0,)}),
    Method(name="ease-local", tries={"ridge": (10.0, 150.0), "target_half_life": (2.0, 8.0)}),
    Method(name="walks", tries={"target_power": (0.1, 0.5), "person_power": (0.8,)}),
    Method(name="spectral", tries={"rank": (64.0, 256.0), "filter_power": (2.0,)}),
    Method(name="factors", tries={"unseen_weight": (0.1,)}),
)
"""What may stand for products that the same people take."""
TOGETHER: tuple[Method, ...] = (
    Method(
        name="covisit",
        tries={
            "counting.half_life_days": (30.0, 120.0),
            "counting.distance": (1.0, 5.0),
            "counting.before": (0.4,),
            "counting.shrink": (5.0,),
        },
    ),
    Method(name="sequences", tries={"past": (2.0,), "future": (2.0,), "ridge": (2.0, 40.0)}),
)
"""What may stand for products that come with or after one another."""

_LEARNERS: Mapping[str, Callable[[], Learner]] = {
    "ease": lambda: Ease(lens=PLAIN),
    "ease-local": lambda: LocalEase(lens=replace(PLAIN, source_power=0.3)),
    "walks": lambda: Walks(lens=PLAIN),
    "spectral": lambda: Spectral(rank=128, lens=replace(PLAIN, source_power=0.34)),
    "factors": lambda: Factors(rank=64, lens=PLAIN),
    "covisit": lambda: Covisit(counting=BY_SESSION, lens=PLAIN),
    "sequences": lambda: Sequences(lens=replace(PLAIN, target_power=0.15)),
}


def learner_of(method: str, settings: Mapping[str, float]) -> Learner:
    """The learner of a method, with the settings that a card names."""
    learner = _LEARNERS[method]()
    for path, value in settings.items():
        learner = changed(learner, path, value)
    return learner
