"""The rooms' commands, each given its room. Loaded when one of them is called, never for `zhanggui --help`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from cyclopts import App

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.places import create_shop, known_shops
from zhanggui.app.rooms import Rooms
from zhanggui.app.server import pages_address
from zhanggui.app.wiring.figures import across_of
from zhanggui.audience.commands.app import commands as audience_commands
from zhanggui.kernel.clock import system_clock
from zhanggui.recommend.commands.app import commands as recommend_commands
from zhanggui.shop.commands import (
    add_import_commands,
    add_import_undo,
    discover_command,
    export_command,
    order_commands,
    people_commands,
    product_commands,
    restore_command,
)
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.simulate import Simulator
from zhanggui.shop.simulate import commands as simulate_commands
from zhanggui.trust import Keys, Ledger, Proposals, Users
from zhanggui.trust.commands import (
    assess_command,
    audit_commands,
    breach_commands,
    brief_command,
    consents_commands,
    contests_commands,
    egress_commands,
    ethics_commands,
    fairness_commands,
    figures_commands,
    keys_commands,
    ledger_commands,
    linkage_commands,
    pause_command,
    person_commands,
    proposals_commands,
    resume_command,
    users_commands,
    watch_commands,
)
from zhanggui.trust.service.assessing import Assessor
from zhanggui.trust.service.breach import Drills
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.figures import FiguresAcross
from zhanggui.trust.service.persons.persons import Persons
from zhanggui.trust.service.watch import Watch

from .session import settings_now


@dataclass(frozen=True, slots=True)
class _Trust:
    """What the commands of trust work on: the shop's own, and the installation's keys."""

    proposals: Proposals
    ledger: Ledger
    keys: Keys


def _rooms(shop: str) -> Rooms:
    return open_rooms(shop, settings_now())


@contextmanager
def _trust(shop: str) -> Iterator[_Trust]:
    with open_control(settings_now()) as control, _rooms(shop) as rooms:
        yield _Trust(rooms.proposals, rooms.ledger, control.keys)


@contextmanager
def _across() -> Iterator[FiguresAcross]:
    settings = settings_now()
    with open_control(settings) as control, ExitStack() as opened:
        rooms = functools.cache(lambda name: opened.enter_context(open_rooms(name, settings)))
        yield across_of(settings, lambda: known_shops(control.db), rooms)


@contextmanager
def _users() -> Iterator[Users]:
    with open_control(settings_now()) as control:
        yield control.users


@contextmanager
def _importer(shop: str) -> Iterator[Importer]:
    with _rooms(shop) as rooms:
        yield rooms.importer


@contextmanager
def _brief(shop: str) -> Iterator[MorningBrief]:
    with _rooms(shop) as rooms:
        yield rooms.brief


@contextmanager
def _persons(shop: str) -> Iterator[Persons]:
    with _rooms(shop) as rooms:
        yield rooms.persons


@contextmanager
def _egress(shop: str) -> Iterator[EgressRegister]:
    with _rooms(shop) as rooms:
        yield rooms.egress


@contextmanager
def _assessor(shop: str) -> Iterator[Assessor]:
    with _rooms(shop) as rooms:
        yield rooms.assessor


@contextmanager
def _drills(shop: str) -> Iterator[Drills]:
    with _rooms(shop) as rooms:
        yield rooms.drills


@contextmanager
def _watch(shop: str) -> Iterator[Watch]:
    with _rooms(shop) as rooms:
        yield rooms.watch


def _simulator(shop: str) -> Simulator:
    create_shop(settings_now(), shop, system_clock)
    rooms = _rooms(shop)
    agree(rooms.consents, SIMULATED)
    return rooms.simulator


_imports = App()
add_import_commands(_imports, _importer)
import_ = _imports["import"].default_command
import_profile = _imports["import-profile"].default_command
add_import_undo(_imports, _rooms)
import_undo = _imports["import-undo"].default_command
products = product_commands(_rooms)
orders = order_commands(_rooms)
people = people_commands(_rooms)
export = export_command(_rooms)
discover = discover_command(_rooms)
restore = restore_command(_rooms)
simulate = simulate_commands(_simulator)
recommend = recommend_commands(_rooms)
train = recommend["train"]
audience = audience_commands(_rooms)
proposals = proposals_commands(_trust)
brief = brief_command(_brief)
ledger = ledger_commands(_trust)
fairness = fairness_commands(_rooms)
linkage = linkage_commands(_rooms)
figures = figures_commands(_rooms, _across)
consents = consents_commands(_rooms)
contests = contests_commands(_rooms)
keys = keys_commands(_trust)
egress = egress_commands(_egress)
watch = watch_commands(_watch)
assess = assess_command(_assessor)
person = person_commands(_persons)
breach = breach_commands(_drills)
ethics = ethics_commands(_rooms)
audit = audit_commands(_rooms)
users = users_commands(_users, lambda: pages_address(settings_now()))
pause = pause_command(_trust)
resume = resume_command(_trust)
