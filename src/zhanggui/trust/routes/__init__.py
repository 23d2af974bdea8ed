"""Trust over HTTP: parse, one call of a service, answer."""

from .assessment import AssessmentRoutes
from .brief import BriefRoutes
from .consents import ConsentRoutes
from .contests import ContestRoutes
from .ethics import EthicsRoutes
from .fairness import FairnessRoutes
from .keys import KeyRoutes
from .ledger import LedgerRoutes
from .persons import PersonRoutes
from .proposals import ProposalRoutes
from .protection import AlertRoutes, DatasheetRoutes, EgressRoutes
from .records import RecordRoutes
from .separate import SeparateConsentRoutes

__all__ = [
    "AlertRoutes",
    "AssessmentRoutes",
    "BriefRoutes",
    "ConsentRoutes",
    "ContestRoutes",
    "DatasheetRoutes",
    "EgressRoutes",
    "EthicsRoutes",
    "FairnessRoutes",
    "KeyRoutes",
    "LedgerRoutes",
    "PersonRoutes",
    "ProposalRoutes",
    "RecordRoutes",
    "SeparateConsentRoutes",
]
