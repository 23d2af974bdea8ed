"""`recommend off-policy` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any, Protocol

import msgspec
from cyclopts import App, Parameter, validators

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_table
from zhanggui.recommend.errors import BadLog
from zhanggui.recommend.service.models.desk import ModelDesk
from zhanggui.recommend.types.off_policy import AskEstimate, AskOutcomes, MeanValue, Outcomes, PolicyEstimate, Reward

Days = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=90))]
Hours = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=168))]


class OffPolicyRooms(Protocol):
    """What this command needs of an open shop."""

    @property
    def model_desk(self) -> ModelDesk:
        """The shop's models."""


def add_off_policy_command(app: App, open_room: Callable[[str], AbstractContextManager[OffPolicyRooms]]) -> None:
    """`recommend off-policy`."""

    @app.command(name="off-policy")
    def off_policy(
        shop: str,
        *,
        days: Days = 28,
        hours: Hours = 24,
        reward: Reward = "click",
        out: Path | None = None,
        target: Path | None = None,
        json: Json = False,
    ) -> None:
        """Show what served places led to, write them to a file, or judge another way of choosing by them.

        Args:
            shop: the shop's name.
            days: lists of so many days back.
            hours: what a place led to within so many hours.
            reward: click or purchase.
            out: write all places there as Parquet, one row each.
            target: a Parquet file with list_id, position and chance: how likely another way would show the same
                product there; guess and guess_target where a model expects something.
        """
        ask = AskOutcomes(days=days, hours=hours, reward=reward)
        wanted = None if target is None else AskEstimate(targets=_read(target), outcomes=ask)
        with open_room(shop) as rooms:
            desk = rooms.model_desk.off_policy
            if out is not None:
                print(f"{desk.write(out, ask)} places in {out}")
                return
            told: Outcomes | PolicyEstimate = desk.outcomes(ask) if wanted is None else desk.judge(wanted)
        if json:
            print_json(told)
        elif isinstance(told, Outcomes):
            _print_outcomes(told)
        else:
            _print_estimate(told)


def _read(path: Path) -> Any:
    """The places of a file.

    Raises:
        BadLog: it is no such file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(path).to_pylist()
        return msgspec.convert({"targets": rows}, AskEstimate).targets
    except (OSError, pa.ArrowException, msgspec.ValidationError) as error:
        hint = "It is Parquet with the columns list_id, position and chance."
        raise BadLog(f"{path} cannot be read as places: {error}", hint=hint) from error


def _print_outcomes(told: Outcomes) -> None:
    rows = (
        (
            one.surface,
            one.sure,
            _words(one.sure_reward),
            one.chosen_by_chance,
            _words(one.chance_reward),
            one.seen_unheeded,
        )
        for one in told.surfaces
    )
    print_table(("surface", "sure places", "taken", "places by chance", "taken", "seen, passed over"), rows)
    print(
        f"{told.places} places of {told.lists} lists; {told.uncounted} lists are left out: strangers, or not counted."
    )


def _print_estimate(told: PolicyEstimate) -> None:
    values = (("as it was", told.on_policy), ("IPS", told.ips), ("SNIPS", told.snips), ("DR", told.dr))
    print_table(("", "mean reward of a place, 95 % interval"), ((name, _words(value)) for name, value in values))
    print(f"{told.rows} places, worth {told.effective:g}; {told.unmatched} named places were not served then.")


def _words(value: MeanValue | None) -> str:
    if value is None:
        return ""
    return f"{value.value:.4f}" + ("" if value.low is None else f" ({value.low:.4f} to {value.high:.4f})")
