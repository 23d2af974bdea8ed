"""What stands behind figures for analysts: purchases and groups of those who allow analytics, and the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypedDict

import numpy as np

from zhanggui.app.kept_segments import KeptSegments
from zhanggui.app.web.provinces import PROVINCES
from zhanggui.audience import Audience
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop import EVENT_NUMBERS, EventName, LiveCatalogue
from zhanggui.shop.service.history import History
from zhanggui.shop.service.person_groups import LONGEST, TENURES, PersonGroups
from zhanggui.trust.service.figures import AnalystFigures, FiguresAcross, PrivacyBudget
from zhanggui.trust.service.figures.cells import Cells, Domain, Labels
from zhanggui.trust.types.figures import FigureLimits, Longs, Purchases

from .base import Base
from .shop import Facts
from .trust import Promises

_PURCHASE = EVENT_NUMBERS[EventName.PURCHASE]
_COLUMNS = ("person", "product", "value_minor")


class Telling(TypedDict):
    """What analysts are told."""

    analyst_figures: AnalystFigures


class Told(Protocol):
    """An open shop."""

    @property
    def analyst_figures(self) -> AnalystFigures:
        """Its figures for analysts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFacts:
    """Reads what figures are made of, for analytics and nothing else."""

    history: History
    groups: PersonGroups
    live: LiveCatalogue
    audience: Audience
    base: Base

    def purchases(self, since: datetime) -> Purchases:
        """Of those who allow analytics; an amount that the sender left out counts as nothing."""
        columns: list[list[Longs]] = [[], [], []]
        for batch in self.history.history(Purpose.ANALYTICS, since):
            kind = batch.column("kind").to_numpy(zero_copy_only=False)
            rows = np.flatnonzero(kind == _PURCHASE)
            for place, name in enumerate(_COLUMNS):
                values = batch.column(name).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
                columns[place].append(values[rows])
        person, product, minor = (np.concatenate(one) if one else np.zeros(0, dtype=np.int64) for one in columns)
        return Purchases(person, product, minor)

    def labels(self) -> Labels:
        """Groups of the same people."""
        return self.groups.labels(Purpose.ANALYTICS)

    def domain(self, kind: str) -> Sequence[str]:
        """Every label that a kind of group can have, whoever is in the shop."""
        domains: Mapping[str, Sequence[str]] = {
            "gender": ("female", "male", "other"),
            "age": ("under-18", "18-24", "25-34", "35-44", "45-54", "55+"),
            "region": tuple(PROVINCES),
            "tenure": (*(name for _, name in TENURES), LONGEST),
        }
        return domains[kind]

    def segments(self) -> Mapping[str, Collection[int]]:
        """The shop's kept segments by name."""
        return KeptSegments(self.audience).members()

    def goods(self) -> tuple[Domain, Domain]:
        """The catalogue's categories, and its products."""
        with self.base.db.read() as db:
            view = self.live.view(db)
        named: dict[int, str] = {}
        for number, entry in enumerate(view.entries):
            chips = [] if not number or entry is None else [one.value for one in entry.chips if one.kind == "category"]
            if chips:
                named[number] = chips[-1]
        names = tuple(sorted(set(named.values())))
        place = {name: at for at, name in enumerate(names)}
        ids = {number: view.ids[number] for number, entry in enumerate(view.entries) if number and entry is not None}
        goods = Domain(labels=tuple(ids.values()), of_product={number: at for at, number in enumerate(ids)})
        return Domain(labels=names, of_product={number: place[name] for number, name in named.items()}), goods


def across_of(settings: Settings, shops: Callable[[], Sequence[str]], rooms: Callable[[str], Told]) -> FiguresAcross:
    """Figures over all shops of an installation but those that its settings leave out."""
    return FiguresAcross(
        shops=shops, figures=lambda name: rooms(name).analyst_figures, stay_out=settings.privacy.stay_out
    )


def telling_of(base: Base, facts: Facts, promises: Promises, audience: Audience) -> Telling:
    """Figures with the budget that the settings grant at first."""
    gate, settings = promises["consents"], base.settings.privacy
    read = FigureFacts(
        history=facts["history"],
        groups=PersonGroups(db=base.db, clock=base.clock, gate=gate, history=facts["history"]),
        live=facts["live"],
        audience=audience,
        base=base,
    )
    limits = FigureLimits(**{name: getattr(settings, name) for name in FigureLimits.__struct_fields__})
    budget = PrivacyBudget(db=base.db, clock=base.clock, ledger=promises["ledger"], at_first=limits.budget)
    return Telling(
        analyst_figures=AnalystFigures(
            clock=base.clock,
            budget=budget,
            limits=limits,
            purchases=read.purchases,
            cells=Cells(groups=read.labels, group_labels=read.domain, goods=read.goods, segments=read.segments),
        )
    )
