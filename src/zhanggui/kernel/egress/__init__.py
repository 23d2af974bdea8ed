"""The one door to the outside: whatever calls another host asks here first."""

from .door import EgressDoor, open_to_all
from .types import PEOPLE, EgressUse, NoSeparateConsent, Require, RequirePeople, UnregisteredHost

__all__ = [
    "PEOPLE",
    "EgressDoor",
    "EgressUse",
    "NoSeparateConsent",
    "Require",
    "RequirePeople",
    "UnregisteredHost",
    "open_to_all",
]
