"""Proposals and their checks, the ledger, consent, and who may do what. Start at `Proposals` and `Ledger`."""

# fmt: off
# isort: off
from .engines.secrets import access_pepper
from .errors import TrustError
from .kinds import EditProduct, LabelProduct, RepriceOffer, offer_subject, shop_kinds
from .service.access import SESSION_COOKIE, VISITOR_COOKIE, Access
from .service.consent_parts import ConsentPart, NoticePart
from .service.consents import Consents
from .service.keys import Keys
from .service.ledger import Ledger, LedgerDraft
from .service.passwords import Passwords
from .service.proposals import Proposals
from .service.signing import Signer, load_signer, make_signing_key
from .service.users import Users
from .types.access import ApiKey, Caller, CreateKey, CustomerToken, IssuedKey, IssuedSession, MintToken, User
from .types.consents import Consent, Notice, RecordConsent
from .types.kinds import CheckContext, ProposalKind
from .types.ledger import Break, Checkpoint, LedgerEntry, LedgerPage, VerifyReport
from .types.proposals import (
    Author, Autonomy, AutonomyLevel, Cure, Effect, FactRef, Finding, Level, Proposal, ProposalDraft, ProposalPage,
    ProposalState, Rationale,
)

__all__ = [
    "SESSION_COOKIE", "VISITOR_COOKIE", "Access", "ApiKey", "Author", "Autonomy", "AutonomyLevel", "Break", "Caller",
    "CheckContext", "Checkpoint", "Consent", "ConsentPart", "Consents", "CreateKey", "Cure", "CustomerToken",
    "EditProduct", "Effect", "FactRef", "Finding", "IssuedKey", "IssuedSession", "Keys", "LabelProduct", "Ledger",
    "LedgerDraft", "LedgerEntry", "LedgerPage", "Level", "MintToken", "Notice", "NoticePart", "Passwords", "Proposal",
    "ProposalDraft", "ProposalKind", "ProposalPage", "ProposalState", "Proposals", "Rationale", "RecordConsent",
    "RepriceOffer", "Signer", "TrustError", "User", "Users", "VerifyReport", "access_pepper", "load_signer",
    "make_signing_key", "offer_subject", "shop_kinds",
]
