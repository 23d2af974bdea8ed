"""Proposals and their checks, the ledger, consent, and who may do what. Start at `Proposals` and `Ledger`."""

from .errors import TrustError
from .service.ledger import Ledger, LedgerDraft
from .service.signing import Signer, load_signer, make_signing_key
from .types.ledger import Break, Checkpoint, LedgerEntry, LedgerPage, VerifyReport

__all__ = [
    "Break",
    "Checkpoint",
    "Ledger",
    "LedgerDraft",
    "LedgerEntry",
    "LedgerPage",
    "Signer",
    "TrustError",
    "VerifyReport",
    "load_signer",
    "make_signing_key",
]
