"""Somebody else's model as a learner: one of our own shape, or one that is fitted on a sparse matrix."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import inspect
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.learners.base import Cost, Fitted, OnStep
from zhanggui.recommend.errors import BadModel

_HINT = "Write --model package.module:Class, or --model path/to/file.py:Class."


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedMatrixModel:
    """A fitted model that scores rows of a matrix."""

    model: Any

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        scores = self.model.predict(matrix(histories, people))
        scores = scores.toarray() if hasattr(scores, "toarray") else scores
        return np.array(scores, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixModel:
    """A class with `fit(X)` and `predict(X)`; X is people by products, as in scikit-learn.

    Attributes:
        name: what tables call it.
        make: gives an unfitted model.
    """

    name: str
    make: Any

    def cost(self, train: Interactions) -> Cost:
        """Nobody knows; nothing is promised."""
        return Cost(seconds=0.0, bytes=60 * len(train))

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedMatrixModel:  # noqa: ARG002
        """Fit it on the training matrix."""
        starts = train.person_starts()
        people = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        model = self.make()
        fitted = model.fit(matrix(train, len(starts) - 1, people))
        on_step(1, 1)
        return FittedMatrixModel(model=model if fitted is None else fitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLearner:
    """A model of our own shape, under the name of its class."""

    name: str
    learner: Any

    def cost(self, train: Interactions) -> Cost:
        """Its own estimate, where it has one."""
        return self.learner.cost(train) if hasattr(self.learner, "cost") else Cost(seconds=0.0, bytes=60 * len(train))

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> Fitted:
        """Fit it."""
        fitted: Fitted = self.learner.fit(train, rng=rng, on_step=on_step)
        return fitted


def load_model(place: str) -> MatrixModel | NamedLearner:
    """Load `package.module:Class` or `file.py:Class`, a class that is made without arguments. Its code runs here.

    Raises:
        BadModel: it cannot be imported, wants arguments, or lacks `fit`.
    """
    where, colon, name = place.rpartition(":")
    if not colon or not name:
        raise BadModel(f"{place!r} does not say which class.", hint=_HINT)
    made = getattr(_module(where), name, None)
    if not callable(made) or not hasattr(made, "fit"):
        raise BadModel(f"{where} has no class {name!r} with a method fit.", hint=_HINT)
    _look_whether_made(made, name)
    parameters = inspect.signature(made.fit).parameters
    if "rng" in parameters and "on_step" in parameters:
        return NamedLearner(name=name, learner=made())
    if not hasattr(made, "predict"):
        hint = "Give it fit(X) and predict(X), or fit(train, *, rng, on_step) that returns something with score."
        raise BadModel(f"{name} has fit but no predict.", hint=hint)
    return MatrixModel(name=name, make=made)


def _look_whether_made(made: Any, name: str) -> None:
    try:
        inspect.signature(made).bind()
    except TypeError as error:
        words = f"{name} cannot be made without arguments: TypeError: {error}."
        raise BadModel(words, hint="Give its arguments defaults, or write a class that passes them.") from error


def matrix(events: Interactions, people: int, person: Any = None) -> Any:
    """(people, size) CSR of summed strengths; column 0 is empty, a product stands in the column of its number."""
    import scipy.sparse

    rows = events.person if person is None else person
    return scipy.sparse.csr_matrix((events.strength, (rows, events.product)), shape=(people, events.size))


def _module(where: str) -> Any:
    try:
        if where.endswith(".py"):
            return _from_file(Path(where))
        sys.path.insert(0, str(Path.cwd()))  # as `python -m` does
        return importlib.import_module(where)
    except Exception as error:
        words = f"{where} cannot be imported: {type(error).__name__}: {error}"
        raise BadModel(words, hint=_HINT) from error


def _from_file(path: Path) -> Any:
    loader = importlib.machinery.SourceFileLoader(path.stem, str(path))
    spec = importlib.util.spec_from_loader(path.stem, loader)
    module = types.ModuleType(path.stem) if spec is None else importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their own module up
    loader.exec_module(module)
    return module
