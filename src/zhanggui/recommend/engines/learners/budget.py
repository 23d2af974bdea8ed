"""What choosing among methods may spend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .base import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent, and what was.

    Attributes:
        limits: both set.
        clock: CPU seconds from any moment on. No other clock is asked: a busy machine takes longer and learns the same.
    """

    limits: Limits
    clock: Callable[[], float]
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_began", self.clock())

    def spent(self) -> float:
        """Seconds since the beginning."""
        return self.clock() - self._began

    def left(self) -> float:
        """Seconds that are left."""
        return (self.limits.seconds or 0.0) - self.spent()
