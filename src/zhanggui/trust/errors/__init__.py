"""Errors of the room `trust`.

TrustError
├── UnknownProposal, UnknownKind, UnknownSubject, BadChange
├── WrongState          the proposal is no longer where the caller believed it to be
├── SubjectChanged      the thing itself has changed since the proposal was made or applied
├── Blocked             a check blocks it, for people and for `act` alike
├── NotAllowed          the kind is at `observe`, or everything is paused
├── BadAnchor, NoSigningKey, UnknownEntry
├── UnknownKey, BadKey, BadToken, BadCsrf, OutOfScope, UnknownScope
├── UnknownUser, KnownUser, UnknownRole, WeakPassword, BadLogin, TooManyLogins, LastOwner
├── UnknownSeparateAsk, UntoldSeparateAsk, OutdatedSeparateAsk, EndedSeparateAsk
├── UnfitSeparateAsk    a host was to rest on separate consents that are not about it
├── UnknownNotice, VersionedNotice, UnknownContest, ContestAnswered, TooManyContests
├── UnknownPerson, NoReason, UnknownReceipt, NotConfirmed
├── UnknownHost         the egress register does not name that host for that use
├── NoContract          personal data would cross the border, and nothing binds the receiver
├── UnknownAlert, AlertNotSent
├── BriefNotSent        a channel did not take the morning brief
├── BudgetSpent         an audience asked for more than is left of its privacy budget
├── TooManyFigures      a question makes more figures than are released at once
├── ShopStaysOut, TooFewShops
├── BadYear             there is no year of that number to review
└── CannotWrite         the place for a file
"""

from .access import (
    BadCsrf,
    BadKey,
    BadLogin,
    BadToken,
    KnownUser,
    LastOwner,
    OutOfScope,
    TooManyLogins,
    UnknownKey,
    UnknownRole,
    UnknownScope,
    UnknownUser,
    WeakPassword,
)
from .persons import (
    ContestAnswered,
    EndedSeparateAsk,
    NoReason,
    NotConfirmed,
    OutdatedSeparateAsk,
    TooManyContests,
    UnknownContest,
    UnknownNotice,
    UnknownPerson,
    UnknownReceipt,
    UnknownSeparateAsk,
    UntoldSeparateAsk,
    VersionedNotice,
)
from .proposals import (
    BadAnchor,
    BadChange,
    Blocked,
    NoSigningKey,
    NotAllowed,
    SubjectChanged,
    UnknownEntry,
    UnknownKind,
    UnknownProposal,
    UnknownSubject,
    WrongState,
)
from .root import (
    TrustError,
)
from .telling import (
    AlertNotSent,
    BadYear,
    BriefNotSent,
    BudgetSpent,
    CannotWrite,
    NoContract,
    ShopStaysOut,
    TooFewShops,
    TooManyFigures,
    UnfitSeparateAsk,
    UnknownAlert,
    UnknownHost,
)

__all__ = [
    "AlertNotSent",
    "BadAnchor",
    "BadChange",
    "BadCsrf",
    "BadKey",
    "BadLogin",
    "BadToken",
    "BadYear",
    "Blocked",
    "BriefNotSent",
    "BudgetSpent",
    "CannotWrite",
    "ContestAnswered",
    "EndedSeparateAsk",
    "KnownUser",
    "LastOwner",
    "NoContract",
    "NoReason",
    "NoSigningKey",
    "NotAllowed",
    "NotConfirmed",
    "OutOfScope",
    "OutdatedSeparateAsk",
    "ShopStaysOut",
    "SubjectChanged",
    "TooFewShops",
    "TooManyContests",
    "TooManyFigures",
    "TooManyLogins",
    "TrustError",
    "UnfitSeparateAsk",
    "UnknownAlert",
    "UnknownContest",
    "UnknownEntry",
    "UnknownHost",
    "UnknownKey",
    "UnknownKind",
    "UnknownNotice",
    "UnknownPerson",
    "UnknownProposal",
    "UnknownReceipt",
    "UnknownRole",
    "UnknownScope",
    "UnknownSeparateAsk",
    "UnknownSubject",
    "UnknownUser",
    "UntoldSeparateAsk",
    "VersionedNotice",
    "WeakPassword",
    "WrongState",
]
