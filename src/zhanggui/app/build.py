"""The composition root: the one place that knows which part stands behind which port.

A shop is put together in the order in which its parts need one another; `wiring/` has a module for each part.
"""

from __future__ import annotations

import secrets

from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobRunner
from zhanggui.kernel.jobs.runner import OnEnd
from zhanggui.kernel.settings import Settings
from zhanggui.trust import Access, Keys, Passwords, Users, access_pepper

from .jobs import handlers, schedules
from .key_ring import ring_of
from .places import known_shops, open_checked_control, open_checked_shop
from .rooms import Control, Rooms
from .root_secret import root_secret
from .wiring.audience import followed, knowing_of
from .wiring.base import Base
from .wiring.ethics import LookedAt, keeping_of
from .wiring.fairness import fairness_of
from .wiring.figures import telling_of
from .wiring.linkage import Outgoing, linkage_of
from .wiring.moving import moving_of
from .wiring.persons import rights_of
from .wiring.protection import protecting_of
from .wiring.recommend import recommending_of
from .wiring.shop import facts_of
from .wiring.trust import deciding_of, promises_of
from .wiring.watching import watch_of


def open_rooms(name: str, settings: Settings, *, clock: Clock = system_clock) -> Rooms:
    """Open a shop.

    Raises:
        UnknownShop: there is none of that name here.
        WrongRevision: its store stands at another revision.
        NoSigningKey: its folder has lost the key of its ledger.
    """
    control = open_checked_control(settings)
    try:
        db = open_checked_shop(settings, name, known_shops(control))
    finally:
        control.close()
    try:
        return wire(name, settings, db, clock=clock)
    except ZhangguiError:
        db.close()
        raise


def wire(name: str, settings: Settings, db: Database, *, clock: Clock) -> Rooms:
    """Build the services of a shop over its open store."""
    base = Base.of(name, settings, db, clock)
    promises = promises_of(base)
    gate = promises["consents"]
    facts = facts_of(base, gate, promises["queue"], promises["guard"])
    knowing = knowing_of(base, facts, promises)
    facts = followed(facts, knowing["audience"])
    recommending = recommending_of(base, facts, promises, knowing["audience"])
    shown = recommending["aim_desk"].watch
    watched = fairness_of(base, facts, promises, shown, lambda db, clock: wire(name, settings, db, clock=clock))
    looked_at = LookedAt(
        recommend=recommending["recommend"],
        audience=knowing["audience"],
        people=facts["people"],
        fairness=watched["fairness"],
        flip_test=watched["flip_test"],
    )
    keeping = keeping_of(base, promises, looked_at)
    telling = telling_of(base, facts, promises, knowing["audience"])
    return Rooms(
        name=name,
        settings=settings,
        folder=base.folder,
        clock=clock,
        db=db,
        media=base.media,
        **knowing,
        **recommending,
        **promises,
        **facts,
        **moving_of(base, promises, facts),
        **deciding_of(base, promises, facts, recommending["model_desk"]),
        **rights_of(base, facts, promises, knowing["audience"]),
        **protecting_of(base, promises),
        **watch_of(base, facts, promises, recommending["model_desk"], watched["fairness"]),
        **watched,
        **keeping,
        **telling,
        linkage=linkage_of(Outgoing.of(base, facts, recommending, looked_at, keeping, telling)),
    )


def open_control(settings: Settings, *, clock: Clock = system_clock) -> Control:
    """Open the installation's own store: its keys and users.

    Raises:
        Unavailable: there is no installation yet.
        WrongRevision: the store stands at another revision.
    """
    return wire_control(settings, open_checked_control(settings), clock=clock)


def wire_control(settings: Settings, db: Database, *, clock: Clock) -> Control:
    """Build the services of the installation over its open store."""
    with db.read() as read:
        root = root_secret(read, ring_of(settings))
    pepper = access_pepper(root)
    return Control(
        db=db,
        root=root,
        access=Access(db=db, clock=clock, pepper=pepper),
        keys=Keys(db=db, clock=clock, entropy=secrets.token_bytes, pepper=pepper),
        users=Users(db=db, clock=clock, entropy=secrets.token_bytes, pepper=pepper, passwords=Passwords()),
    )


def job_runner(
    name: str, settings: Settings, worker_id: str, on_end: OnEnd | None = None, *, clock: Clock = system_clock
) -> JobRunner:
    """What does the background work of one shop; its store is closed with `runner.db.close()`."""
    rooms = open_rooms(name, settings, clock=clock)
    return JobRunner(
        rooms.db,
        handlers(rooms),
        clock,
        worker_id,
        schedules=schedules(),
        lease_s=settings.jobs.lease_s,
        on_end=on_end,
    )
