"""The methods whose knowledge fits into neighbour lists, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zhanggui.recommend.engines.content import Document
from zhanggui.recommend.engines.covisitation import CovisitationConfig
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Learner
from zhanggui.recommend.engines.learners.candidates import changed, is_long_and_dense
from zhanggui.recommend.engines.learners.cells import Lens
from zhanggui.recommend.engines.learners.covisit import Covisit
from zhanggui.recommend.engines.learners.factors import Factors
from zhanggui.recommend.engines.learners.linear import Ease, LocalEase
from zhanggui.recommend.engines.learners.neural.apr import Apr
from zhanggui.recommend.engines.learners.neural.autoencoding import Basis
from zhanggui.recommend.engines.learners.neural.descent import Pace
from zhanggui.recommend.engines.learners.neural.mult_vae import MultVae
from zhanggui.recommend.engines.learners.neural.rec_vae import RecVae
from zhanggui.recommend.engines.learners.neural.sasrec import Sasrec
from zhanggui.recommend.engines.learners.neural.tensors import trouble
from zhanggui.recommend.engines.learners.sequences import Sequences
from zhanggui.recommend.engines.learners.spectral import Spectral
from zhanggui.recommend.engines.learners.walks import Walks
from zhanggui.recommend.types.learning import TriedMethod

from .cases import Graph
from .distilling import Distilled

PLAIN = Lens(length_power=0.0)
"""A live history has its own weights."""
BY_SESSION = CovisitationConfig(neighbours=200)
WORDS = "factors-words"
_LONGEST = Pace(seconds=600.0)
"""Epochs end a network's learning, which another machine counts alike; seconds only where it is far slower."""
_BAGS = Basis(pace=_LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method, and the values of its settings that are tried one after the other.

    Attributes:
        name: by which cards call it.
        tries: setting, with dots → values.
        free: likewise, of settings that act when lists are cut, and so need no other fit.
        epochs: of a network: the setting that says how long it learns, which the budget gives; empty for other methods.
        gives_lists: what is fitted are lists already: cutting them looks at no score of all pairs of products.
    """

    name: str
    tries: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    free: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    epochs: str = ""
    gives_lists: bool = False


ALIKE: tuple[Method, ...] = (
    Method(name="ease", tries={"ridge": (30.0, 300.0, 1000.0), "target_half_life": (2.0, 8.0), "person_power": (0.0,)}),
    Method(name="ease-local", tries={"ridge": (10.0, 150.0), "target_half_life": (2.0, 8.0)}, gives_lists=True),
    Method(name="walks", tries={"target_power": (0.1, 0.5), "person_power": (0.8,)}, gives_lists=True),
    Method(name="spectral", tries={"rank": (64.0, 256.0), "filter_power": (2.0,)}),
    Method(name="factors", tries={"unseen_weight": (0.1,)}),
    Method(name=WORDS, tries={"unseen_weight": (0.1,), "word_ridge": (0.03, 3.0)}),
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
        gives_lists=True,
    ),
    Method(name="sequences", tries={"past": (2.0,), "future": (2.0,), "ridge": (2.0, 40.0)}, gives_lists=True),
)
"""What may stand for products that come with or after one another."""

_POPULAR: Mapping[str, tuple[float, ...]] = {"target_power": (0.0, 0.6)}
NETWORKS: tuple[tuple[Graph, Method], ...] = (
    ("together", Method(name="sasrec", free=_POPULAR, epochs="network.pace.epochs")),
    ("alike", Method(name="apr", free=_POPULAR, epochs="network.basis.pace.epochs")),
    ("alike", Method(name="rec-vae", free=_POPULAR, epochs="network.basis.pace.epochs")),
    ("alike", Method(name="mult-vae", free=_POPULAR, epochs="network.basis.pace.epochs")),
)
"""What learns by gradients, and the lists that it may stand for: tried once all else was, which takes less time."""
NETWORK_NAMES = frozenset(method.name for _, method in NETWORKS)

_LEARNERS: Mapping[str, Callable[[], Learner]] = {
    "ease": lambda: Ease(lens=PLAIN),
    "ease-local": lambda: LocalEase(lens=replace(PLAIN, source_power=0.3)),
    "walks": lambda: Walks(lens=PLAIN),
    "spectral": lambda: Spectral(rank=128, lens=replace(PLAIN, source_power=0.34)),
    "factors": lambda: Factors(rank=64, lens=PLAIN),
    WORDS: lambda: Factors(rank=64, lens=PLAIN),
    "covisit": lambda: Covisit(counting=BY_SESSION, lens=PLAIN),
    "sequences": lambda: Sequences(lens=replace(PLAIN, target_power=0.15)),
    "sasrec": lambda: Distilled(network=Sasrec(pace=_LONGEST)),
    "apr": lambda: Distilled(network=Apr(basis=_BAGS)),
    "rec-vae": lambda: Distilled(network=RecVae(basis=_BAGS)),
    "mult-vae": lambda: Distilled(network=MultVae(basis=_BAGS)),
}


def learner_of(method: str, settings: Mapping[str, float], documents: Sequence[Document] = ()) -> Learner:
    """The learner of a method, with the settings that a card names; `documents` are the words of all products."""
    learner = _LEARNERS[method]()
    if method == WORDS and isinstance(learner, Factors):
        learner = replace(learner, documents=documents)
    for path, value in settings.items():
        learner = changed(learner, path, value)
    return learner


def hindrance(method: Method, train: Interactions, documents: Sequence[Document]) -> str:
    """Why a method has nothing to learn from here, or cannot; empty where it can."""
    if method.name == WORDS and not any(documents):
        return "no product has words"
    if not method.epochs:
        return ""
    return trouble() if is_long_and_dense(train) else "too few events, or too short histories, to teach a network"


def wants_words(tried: Iterable[TriedMethod]) -> bool:
    """Whether the lists of a card need the words of products to be learned again."""
    return any(one.method == WORDS and one.weight > 0 for one in tried)


def can_learn_again(tried: Iterable[TriedMethod]) -> bool:
    """Whether the lists of a card can be learned on this machine: PyTorch may be gone since they were chosen."""
    return not any(one.method in NETWORK_NAMES and one.weight > 0 for one in tried) or not trouble()
