"""The shops that a worker holds open, and the rooms that handlers are given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog

from zhanggui.app.build import wire
from zhanggui.app.places import known_shops, open_checked_shop
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.logs import traceback_of
from zhanggui.kernel.settings import Settings

from .given import Given

log = structlog.get_logger(__name__)

GIVEN = {
    name: name
    for name in (
        "catalogue",
        "people",
        "orders",
        "words",
        "events",
        "importer",
        "uploads",
        "undoing",
        "exporter",
        "outbox",
        "ledger",
        "egress",
        "watch",
        "assessor",
        "drills",
        "ethics",
        "yearly_review",
        "consents",
        "persons",
        "notices",
        "separate_consents",
        "contests",
        "training_gate",
        "proposals",
        "brief",
        "discoveries",
        "rule_trials",
        "model_desk",
        "aim_desk",
        "label_desk",
        "fairness",
        "flip_test",
        "mitigation_test",
        "guard",
        "analyst_figures",
        "audience",
    )
} | {"recommender": "recommend"}
"""The name of a dependency of routes → the attribute of `Rooms`."""


class OpenShops:
    """Opens each shop once and keeps it.

    Args:
        control: the installation's store, which knows what shops there are.
    """

    def __init__(self, settings: Settings, control: Database, clock: Clock) -> None:
        self._settings = settings
        self._control = control
        self._clock = clock
        self._open: dict[str, Rooms] = {}
        self._opening = threading.Lock()

    def is_open(self, name: str) -> bool:
        """Whether asking for it costs nothing."""
        return name in self._open

    def get(self, name: str) -> Rooms:
        """The shop's rooms; the first call opens its store, and warms its model and its figures.

        Raises:
            UnknownShop: there is none of that name here.
            NoSigningKey: its folder has lost the key of its ledger.
        """
        found = self._open.get(name)
        if found is not None:
            return found
        with self._opening:
            if name not in self._open:
                self._open[name] = self._opened(name)
            return self._open[name]

    def _opened(self, name: str) -> Rooms:
        db = open_checked_shop(self._settings, name, known_shops(self._control))
        try:
            rooms = wire(name, self._settings, db, clock=self._clock)
            rooms.recommend.warm()
            rooms.audience.profiles.warm()
            rooms.figures.warm()
            rooms.product_browsing.warm()
        except Exception:
            db.close()
            raise
        return rooms

    def open_all(self) -> None:
        """Open every shop, so that nobody's first request waits.

        One that cannot be opened is left closed and told in the log: its requests are refused with the cause, and
        tried anew each time, while the other shops are served.
        """
        for name in known_shops(self._control):
            try:
                self.get(name)
            except ZhangguiError as error:
                log.warning("a shop cannot be opened", shop=name, reason=str(error), hint=error.hint)
            except Exception as error:  # noqa: BLE001  (whatever it is, the other shops are served)
                log.error("a shop cannot be opened", shop=name, exception=traceback_of(error))  # noqa: TRY400  (in plain lines)

    def close(self) -> None:
        """Let go of all of them."""
        for rooms in self._open.values():
            rooms.close()


def dependencies(shops: OpenShops) -> dict[str, Given]:
    """One dependency for each room of the shop that the path names."""

    def of(attribute: str) -> Callable[[AnyRequest], Any]:
        def provide(request: AnyRequest) -> Any:
            return getattr(shops.get(request.path_params["shop"]), attribute)

        return provide

    return {name: Given(of(attribute), sync_to_thread=False) for name, attribute in GIVEN.items()}
