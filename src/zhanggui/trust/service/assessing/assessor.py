"""Fills the impact assessment from the store and the code: what is held, why, who decides, where it goes, how long.

Law: PIPL art. 55 (when one is due: sensitive data, automated decisions, handing on, across the border), art. 56 (what
it says; kept for 3 years at least). Texts not read here. What only the merchant can know stands as a question at the
end: a program does not judge necessity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.words import N_, words
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import holdings
from zhanggui.trust.types.assessment import Assessment, Chapter
from zhanggui.trust.types.egress import Need
from zhanggui.trust.types.proposals import Autonomy

from .safeguards import QUESTIONS, SAFEGUARDS

NEEDS: dict[Need, str] = {
    "say_country": N_("say in which country it is"),
    "impact_assessment": N_("this assessment, before the transfer (PIPL art. 55)"),
    "one_of_38": N_("security assessment, certification or standard contract (PIPL art. 38)"),
    "separate_consent": N_("separate consent of each person (PIPL art. 39)"),
    "thresholds_40": N_("a look at the thresholds (PIPL art. 40)"),
    "contract": N_("a contract that binds the receiver"),
}
Say = Callable[[str], str]


class AssessmentMade(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's word of an assessment: by its digest (BLAKE2b-256) a copy is known again."""

    subject: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """Writes the assessment of one shop.

    Args:
        autonomy: how far the software may go alone.
        bases: how many customers are held on which legal basis.
        consents: (purpose, yes, no): what people last said.
        retention: (what, for how long) as the settings and the code hold it; English msgids.
    """

    db: Database
    clock: Clock
    shop: str
    ledger: Ledger
    egress: EgressRegister
    separate: SeparateConsents
    autonomy: Callable[[], Autonomy]
    bases: Callable[[], Sequence[tuple[str, int]]]
    consents: Callable[[], Sequence[tuple[str, int, int]]]
    retention: Sequence[tuple[str, str]]

    def assess(self, language: str) -> Assessment:
        """The assessment as things stand now, in `zh` or `en`."""
        say = words(language).gettext
        return Assessment(
            title=say(N_("Impact assessment of the protection of personal information")),
            shop=self.shop,
            made_at=self.clock(),
            language=language,
            chapters=(
                self._holdings(say),
                self._grounds(say),
                self._decisions(say),
                self._egress(say),
                self._retention(say),
                _safeguards(say),
                _questions(say),
            ),
        )

    def keep(self, made: Assessment, actor: str) -> int:
        """Note in the ledger that an assessment was made; the file is kept by whoever asked for it."""
        digest = hashlib.blake2b(msgspec.json.encode(made), digest_size=32).hexdigest()
        told = AssessmentMade(subject="assessment", digest=digest)
        return self.db.write(lambda db: self.ledger.append(db, "assessment.made", told, actor))

    def _holdings(self, say: Say) -> Chapter:
        rows = []
        with self.db.read() as db:
            for name, table in holdings.personal_tables().items():
                clear, sealed = holdings.fields_of(table)
                rows.append((name, str(holdings.row_count(db, table)), ", ".join(clear), ", ".join(sealed) or "–"))
        return Chapter(
            title=say(N_("What is held")),
            intro=say(N_("Every table with rows about people, as the store has it now.")),
            head=(say(N_("Table")), say(N_("Rows")), say(N_("In clear")), say(N_("Sealed"))),
            rows=tuple(rows),
            notes=(
                say(N_("A person is a number inside; identifiers are sealed, coarse region and age band are not.")),
            ),
        )

    def _grounds(self, say: Say) -> Chapter:
        held = tuple((basis, str(count)) for basis, count in self.bases())
        said = tuple((purpose, f"{yes} / {no}") for purpose, yes, no in self.consents())
        return Chapter(
            title=say(N_("Purposes and legal grounds")),
            intro=say(N_("Customers by the ground they are held on, then what people said, purpose by purpose.")),
            head=(say(N_("Ground or purpose")), say(N_("Customers; agreed / refused"))),
            rows=(*held, *said),
            notes=(
                say(N_("Code that reads rows about people names its purpose; without one it cannot be written.")),
                say(N_("Where nobody said anything, what the ground carries counts, else nothing but service.")),
            ),
        )

    def _decisions(self, say: Say) -> Chapter:
        autonomy = self.autonomy()
        rows = tuple((held.kind, held.level.value) for held in autonomy.kinds)
        return Chapter(
            title=say(N_("Automated decisions")),
            intro=say(N_("What the software may decide, kind by kind; lists for shoppers are always chosen by it.")),
            head=(say(N_("Kind")), say(N_("Level"))),
            rows=rows,
            notes=(
                say(N_("A price never depends on who asks (PIPL art. 24).")),
                say(N_("A shopper may refuse personalisation and gets lists that rest on no personal traits.")),
            ),
        )

    def _egress(self, say: Say) -> Chapter:
        agreed = {one.ask.name: one.agreed for one in self.separate.asks()}
        rows = tuple(
            (
                host.host,
                host.use.value,
                host.country or "?",
                say(N_("yes")) if host.is_personal else say(N_("no")),
                host.contract or "–",
                f"{host.separate}: {agreed.get(host.separate, 0)}" if host.separate else "–",
                "; ".join(say(NEEDS[need]) for need in host.needs) or "–",
            )
            for host in self.egress.hosts()
        )
        return Chapter(
            title=say(N_("Outside hosts")),
            intro=say(N_("All that anything is ever sent to; a call to any other host fails.")),
            head=tuple(
                map(
                    say,
                    (
                        N_("Host"),
                        N_("Use"),
                        N_("Country"),
                        N_("Personal"),
                        N_("Contract with the receiver"),
                        N_("Separate consent, and how many gave it"),
                        N_("Still needed"),
                    ),
                )
            ),
            rows=rows,
            notes=() if rows else (say(N_("Nothing leaves this machine.")),),
        )

    def _retention(self, say: Say) -> Chapter:
        return Chapter(
            title=say(N_("For how long")),
            head=(say(N_("What")), say(N_("How long"))),
            rows=tuple((say(what), say(period)) for what, period in self.retention),
        )


def _safeguards(say: Say) -> Chapter:
    return Chapter(
        title=say(N_("Safeguards")),
        intro=say(N_("Each with the test in the source that fails when it no longer holds.")),
        head=(say(N_("Safeguard")), say(N_("Held by"))),
        rows=tuple((say(what), test) for what, test in SAFEGUARDS),
    )


def _questions(say: Say) -> Chapter:
    return Chapter(
        title=say(N_("What only you can answer")),
        intro=say(N_("Write the answers below, sign, and keep this for at least three years (PIPL art. 56).")),
        notes=tuple(map(say, QUESTIONS)),
    )
