"""The counterfactual flip test: the same history, another group, the same answer (PIPL art. 24; see `reporting`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.trust.engines.fairness.flips import flips_of
from zhanggui.trust.ports import AnswerStage
from zhanggui.trust.types.fairness import FlipKind, FlipKindReport, FlipPerson, FlipReport

MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipTest:
    """Answers real shoppers as if they were others, and compares to the byte.

    Args:
        clock: gives the present moment.
        stage: where they are answered; nothing of it stays.
    """

    clock: Clock
    stage: AnswerStage

    def run(self, people: int, on_step: OnStep = quiet) -> FlipReport:
        """Try at most `people` shoppers, in [1, 200], who allow analytics and did something in 35 days."""
        now_ms = to_ms(self.clock())
        compared: Counter[FlipKind] = Counter()
        different: Counter[FlipKind] = Counter()
        shoppers, answers = self.stage.shoppers(min(max(people, 1), MOST_PEOPLE)), self.stage.opened()
        for done, person in enumerate(shoppers):
            on_step(done, len(shoppers))
            kinds: list[FlipKind] = []

            def turn(one: FlipPerson, kinds: list[FlipKind] = kinds) -> Sequence[FlipPerson]:
                flips = flips_of(one, now_ms)
                kinds[:] = [kind for kind, _ in flips]
                return [turned for _, turned in flips]

            first, *others = answers(person, turn)
            compared.update(kinds)
            different.update(kind for kind, answer in zip(kinds, others, strict=True) if answer != first)
        return FlipReport(
            at_ms=now_ms,
            people=len(shoppers),
            kinds=tuple(
                FlipKindReport(kind=kind, compared=compared[kind], different=different[kind])
                for kind in get_args(FlipKind)
            ),
        )
