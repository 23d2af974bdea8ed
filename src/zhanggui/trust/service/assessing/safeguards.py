"""What protects people here, each with the test that holds it; a test looks that each of these is there."""

from __future__ import annotations

from zhanggui.kernel.words import N_

SAFEGUARDS: tuple[tuple[str, str], ...] = (
    (
        N_("Names, phones, e-mails and addresses are ciphertext under a key for each person (AES-256-GCM)."),
        "tests/kernel/test_cipher.py",
    ),
    (N_("The master key can be changed while everything serves."), "tests/app/keys/test_rotating.py"),
    (
        N_("Backups are sealed; keys lie apart and go after 30 days, so that an erasure reaches old data."),
        "tests/app/test_backups.py",
    ),
    (N_("Nothing is sent to a host that the egress register does not name."), "tests/app/test_egress.py"),
    (N_("Unusual reading, exports and failed logins are told."), "tests/trust/watch/test_watch.py"),
    (N_("Who may do what is held to scopes on every route and page."), "tests/app/test_scopes.py"),
    (
        N_("Showing a person's identifiers asks for a reason, which the ledger keeps in the same commit."),
        "tests/app/pages/test_facts.py",
    ),
    (
        N_("Decisions, consents and erasures stand in a chain in which every tampering is found."),
        "tests/trust/ledger",
    ),
    (N_("A withdrawn consent acts in the very next answer."), "tests/trust/consents"),
    (
        N_("Where a receiver rests on separate consent, nobody's data go there without it (PIPL art. 23, 39)."),
        "tests/trust/egress/test_separate.py",
    ),
    (N_("Names and numbers never stand in logs."), "tests/kernel/test_logs.py"),
)

QUESTIONS: tuple[str, ...] = (
    N_("Is each purpose needed for what the shop does, and is there a way with fewer data? (PIPL art. 6, 56)"),
    N_("What harm could a leak, a wrong decision or a refusal do to a person, and how likely is it? (art. 56)"),
    N_("Are the notices to customers complete: who, what for, how long, and how to object? (art. 17)"),
    N_("Are there customers under 14, and did a guardian agree? (art. 28, 31)"),
    N_("Who among the staff may see whom, and when was that looked at last? (art. 51)"),
    N_("With whom are contracts on processing, and when were they checked? (art. 21)"),
    N_("Where is the key to the backups kept, and who else has it? (art. 51)"),
    N_("Who answers requests and reports a leak, and do they know the time line? (art. 50, 57)"),
)
