"""The one door to the outside: whatever calls another host asks here first."""

from .door import EgressDoor, open_to_all
from .types import EgressUse, Require, UnregisteredHost

__all__ = ["EgressDoor", "EgressUse", "Require", "UnregisteredHost", "open_to_all"]
