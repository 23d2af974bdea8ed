"""Trust over HTTP: parse, one call of a service, answer."""

from .brief import BriefRoutes
from .consents import ConsentRoutes
from .fairness import FairnessRoutes
from .keys import KeyRoutes
from .ledger import LedgerRoutes
from .proposals import ProposalRoutes
from .protection import EgressRoutes
from .records import RecordRoutes

__all__ = [
    "BriefRoutes",
    "ConsentRoutes",
    "EgressRoutes",
    "FairnessRoutes",
    "KeyRoutes",
    "LedgerRoutes",
    "ProposalRoutes",
    "RecordRoutes",
]
