"""Proposals and their checks, the ledger, consent, and who may do what. Start at `Proposals` and `Ledger`."""

from .errors import TrustError
from .kinds import EditProduct, LabelProduct, RepriceOffer, offer_subject, shop_kinds
from .service.ledger import Ledger, LedgerDraft
from .service.proposals import Proposals
from .service.signing import Signer, load_signer, make_signing_key
from .types.kinds import CheckContext, ProposalKind
from .types.ledger import Break, Checkpoint, LedgerEntry, LedgerPage, VerifyReport
from .types.proposals import (
    Author,
    Autonomy,
    AutonomyLevel,
    Cure,
    Effect,
    Evidence,
    Finding,
    Level,
    Proposal,
    ProposalDraft,
    ProposalPage,
    ProposalState,
    Reason,
)

__all__ = [
    "Author",
    "Autonomy",
    "AutonomyLevel",
    "Break",
    "CheckContext",
    "Checkpoint",
    "Cure",
    "EditProduct",
    "Effect",
    "Evidence",
    "Finding",
    "LabelProduct",
    "Ledger",
    "LedgerDraft",
    "LedgerEntry",
    "LedgerPage",
    "Level",
    "Proposal",
    "ProposalDraft",
    "ProposalKind",
    "ProposalPage",
    "ProposalState",
    "Proposals",
    "Reason",
    "RepriceOffer",
    "Signer",
    "TrustError",
    "VerifyReport",
    "load_signer",
    "make_signing_key",
    "offer_subject",
    "shop_kinds",
]
