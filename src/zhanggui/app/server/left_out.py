"""What a web worker leaves out: libraries that others of ours load on the side where they are installed.

pyarrow looks for pandas at its first array and lightgbm when it is loaded, to take frames, which nobody here has.
pandas is there with the extra `fairness` alone, whose commands run in processes of their own; loaded into a worker, it
made the first page that read the history wait for seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

NAMES = frozenset({"pandas"})


class LeftOut(MetaPathFinder):
    """Says of some libraries that they are not installed, and leaves all others to the finders after it.

    Args:
        names: of the libraries.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing but a refusal: see `importlib.abc.MetaPathFinder`."""
        del path, target
        if fullname.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"{fullname} is left out of this process: work that needs it is a job's.")
        return None


def leave_out(names: frozenset[str] = NAMES) -> None:
    """From now on these libraries count as not installed in this process."""
    sys.meta_path.insert(0, LeftOut(names))
