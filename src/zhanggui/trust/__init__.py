"""Proposals and their checks, the ledger, consent, and who may do what. Start at `Proposals` and `Ledger`."""

# fmt: off
# isort: off
from .engines.secrets import access_pepper
from .errors import BriefNotSent, TrustError
from .kinds import EditProduct, LabelProduct, RepriceOffer, offer_subject, shop_kinds
from .service.access import SESSION_COOKIE, VISITOR_COOKIE, Access
from .service.access_acts import AccessActs
from .service.consent_parts import ConsentPart, NoticePart
from .service.consents import Consents
from .service.key_acts import KeyActs
from .service.keys import Keys
from .service.ledger import Ledger, LedgerDraft, decode_anchor
from .service.passwords import Passwords
from .service.proposals import Proposals
from .service.signing import Signer, load_signer, make_signing_key
from .service.users import Users
from .types.access import ApiKey, Caller, CreateKey, CustomerToken, IssuedKey, IssuedSession, MintToken, User
from .types.consents import Consent, Notice, RecordConsent
from .types.kinds import CheckContext, KindPage, ProposalKind
from .types.ledger import Break, Checkpoint, LedgerAsk, LedgerEntry, LedgerFinds, LedgerPage, LedgerPlace, VerifyReport
from .types.proposals import (
    Author, Autonomy, AutonomyLevel, Cure, Effect, FactRef, Finding, Level, Proposal, ProposalDraft, ProposalPage,
    ProposalState, Rationale,
)
from .types.showing import LISTED, DiffRow, EditField, Phrase, Shape, Value

__all__ = [
    "LISTED", "SESSION_COOKIE", "VISITOR_COOKIE", "Access", "AccessActs", "ApiKey", "Author", "Autonomy",
    "AutonomyLevel", "Break", "BriefNotSent", "Caller", "CheckContext", "Checkpoint", "Consent", "ConsentPart",
    "Consents", "CreateKey", "Cure", "CustomerToken", "DiffRow", "EditField", "EditProduct", "Effect", "FactRef",
    "Finding", "IssuedKey", "IssuedSession", "KeyActs", "Keys", "KindPage",
    "LabelProduct", "Ledger", "LedgerAsk", "LedgerDraft", "LedgerEntry", "LedgerFinds", "LedgerPage", "LedgerPlace",
    "Level", "MintToken", "Notice", "NoticePart", "Passwords", "Phrase", "Proposal", "ProposalDraft", "ProposalKind",
    "ProposalPage", "ProposalState", "Proposals", "Rationale", "RecordConsent", "RepriceOffer", "Shape", "Signer",
    "TrustError", "User", "Users", "Value", "VerifyReport", "access_pepper", "decode_anchor", "load_signer",
    "make_signing_key", "offer_subject", "shop_kinds",
]
