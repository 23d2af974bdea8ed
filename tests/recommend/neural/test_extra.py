"""What holds without PyTorch: a clear word, and nothing imported that is not asked for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tests.recommend.evaluations import quiet, sequences

from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.learners.base import Limits
from zhanggui.recommend.engines.learners.named import LEARNERS, NEURAL
from zhanggui.recommend.engines.learners.neural import tensors
from zhanggui.recommend.errors import MissingExtra
from zhanggui.recommend.service.evaluating.planning import names_of, plan


@pytest.fixture
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensors, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("without_torch")
@pytest.mark.parametrize("name", NEURAL)
def test_a_fit_without_pytorch_names_the_cure(name: str) -> None:
    log = sequences([1, 2, 3])
    learner = LEARNERS[name](leave_one_out(log), Limits())

    with pytest.raises(MissingExtra) as caught:
        learner.fit(log, rng=np.random.default_rng(0), on_step=quiet)

    assert "pip install 'zhanggui[neural]'" in caught.value.hint
    assert "2.13.0" in caught.value.hint


@pytest.mark.usefixtures("without_torch")
def test_a_network_asked_for_by_name_is_refused_before_anything_runs_and_all_goes_without() -> None:
    with pytest.raises(MissingExtra):
        names_of("popularity,sasrec")

    assert names_of("all") == [name for name in LEARNERS if name not in NEURAL]


@pytest.mark.parametrize("name", NEURAL)
def test_a_plan_is_made_without_importing_pytorch(name: str) -> None:
    task = leave_one_out(sequences([1, 2, 3]))

    (planned,) = plan(task, [name], [], seconds=None, free=10**12)

    assert planned.line.fits
    assert planned.line.seconds is not None


def test_naming_the_learners_imports_no_pytorch() -> None:
    code = "import sys, zhanggui.recommend.engines.learners.named; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_networks_share_the_budget_alike_with_auto_and_all_fit_it() -> None:
    task = leave_one_out(sequences(*([n % 7 + 1, n % 5 + 2, n % 3 + 4] for n in range(2000))))

    planned = plan(task, ["popularity", *NEURAL], [], seconds=200.0, free=10**12)

    seconds = {one.line.model: one.line.seconds or 0.0 for one in planned}
    assert all(one.line.fits for one in planned)
    assert sum(seconds.values()) <= 200
    assert all(seconds[name] <= 50 for name in NEURAL)
