"""PyTorch behind one door: whether it is there, how many threads it may take, arrays in and out.

Weights are named arrays and networks are functions of them, so that a fitted model is plain arrays: nothing is pickled,
and no class of a framework is inherited from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.errors import MissingExtra

Tensor = Any
"""A `torch.Tensor`; the type is not to be had where the extra is not installed."""
Weights = Mapping[str, Tensor]
Arrays = Mapping[str, Floats]

_THREADS = 2


def is_installed() -> bool:
    """Whether networks can be fitted here; does not import PyTorch."""
    return find_spec("torch") is not None


def trouble() -> str:
    """Why no network can be fitted here, empty where one can; imports PyTorch where it is installed.

    Whatever a damaged installation raises is told and stops nothing: all but networks goes on without it.
    """
    if not is_installed():
        return "PyTorch is not installed: pip install 'zhanggui[neural]'"
    try:
        import_module("torch")
    except (ImportError, OSError, RuntimeError, AttributeError, ValueError) as error:
        return f"PyTorch cannot be loaded: {error}"
    return ""


def require() -> Any:
    """The module `torch`.

    Raises:
        MissingExtra: it is not installed.
    """
    if not is_installed():
        raise MissingExtra(
            "This model needs PyTorch, which is not installed.",
            hint="Run: pip install 'zhanggui[neural]' (PyTorch 2.13.0), or `make setup-neural` in a checkout.",
        )
    import torch

    return torch


@contextmanager
def bounded_threads() -> Iterator[Any]:
    """PyTorch with at most two threads; what it was set to before is put back."""
    torch = require()
    before = torch.get_num_threads()
    torch.set_num_threads(min(_THREADS, before))
    try:
        yield torch
    finally:
        torch.set_num_threads(before)


def tensors_of(arrays: Arrays) -> dict[str, Tensor]:
    """The same numbers, shared and not copied."""
    import torch

    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def arrays_of(weights: Weights) -> dict[str, Floats]:
    """A copy of the numbers."""
    return {name: tensor.detach().numpy().copy() for name, tensor in weights.items()}


def learnable(arrays: Arrays) -> dict[str, Tensor]:
    """Tensors whose gradients are kept."""
    return {name: tensor.requires_grad_() for name, tensor in tensors_of(arrays).items()}


def drawn(rng: np.random.Generator, *shape: int, spread: float) -> Floats:
    """Normal numbers of mean 0."""
    numbers: Floats = rng.standard_normal(shape, dtype=np.float32) * np.float32(spread)
    return numbers


class Dropout:
    """Zeros a share of numbers, in steps of 1/256, and scales the others; a byte a number is drawn, for speed."""

    def __init__(self, share: float, rng: np.random.Generator) -> None:
        self._least, self._rng = round(256 * share), rng

    def __call__(self, values: Tensor) -> Tensor:
        """Values of the same shape."""
        if self._least == 0:
            return values
        import torch

        chance = np.frombuffer(self._rng.bytes(values.numel()), dtype=np.uint8)
        kept = (chance >= self._least).astype(np.float32)
        kept *= np.float32(256 / (256 - self._least))
        return values * torch.from_numpy(kept).view(values.shape)


def undropped(values: Tensor) -> Tensor:
    """What stands for dropout when a history is scored."""
    return values
