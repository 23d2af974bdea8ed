"""What a shopper contests: a form beside every automatic decision, and what was answered.

PIPL art. 24 (3), GDPR art. 22 (3). Plain links and forms: no script is needed.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.words import N_
from zhanggui.trust.types.contests import MOST_WORDS, Contest, ContestState, Decision, OpenContest, Outcome

from .shell import Storefront

DECISIONS = {
    Decision.RECOMMENDATION: N_("That this was picked for you"),
    Decision.PRICE: N_("The price that you are shown"),
    Decision.OFFER: N_("An offer that you are shown, or not"),
    Decision.REFUSAL: N_("Something that was refused"),
    Decision.OTHER: N_("Another decision"),
}
STATES = {
    ContestState.OPEN: N_("A person is looking at it"),
    ContestState.OVERDUE: N_("The shop is late with its answer"),
    ContestState.ANSWERED: N_("It is answered"),
}
OUTCOMES = {
    Outcome.CHANGED: N_("The shop has changed it"),
    Outcome.UPHELD: N_("The shop stands by it"),
    Outcome.EXPLAINED: N_("The shop explains it"),
}
MOST_SHOWN = 20


@get("/shop/{shop:str}/contest", include_in_schema=False, sync_to_thread=True)
def contest(store: NamedDependency[Storefront]) -> Response[str]:
    """The form: what was decided, and what the shopper says to it."""
    asked = store.view.query
    about, list_id = asked.get("about", "")[:256], asked.get("list", "")[:26]
    return store.page(
        "contest.html",
        current="me",
        chosen=_decision(asked.get("decision", "")),
        decisions=DECISIONS,
        about=about,
        list_id=list_id,
        card=next(iter(store.goods.cards([about])), None) if about else None,
        most=MOST_WORDS,
        days=store.rooms.settings.shop.contest_days,
        is_empty=asked.get("done") == "empty",
    )


@post("/shop/{shop:str}/contest", include_in_schema=False, sync_to_thread=True)
def bring(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Response[Any]:
    """Bring it; a person answers on the shopper's own page."""
    about, list_id = form.text("about")[:256], form.text("list")[:26]
    decision, words = _decision(form.text("decision")), form.text("words").strip()[:MOST_WORDS]
    if not words:
        return store.go("/contest", done="empty", decision=decision.value, about=about, list=list_id)
    shopper = store.shopper
    store.rooms.contests.open(
        OpenContest(
            decision=decision,
            about=about,
            list_id=list_id,
            shown=_shown(store, about, list_id),
            words=words,
            customer_id=shopper.customer_id,
            visitor_id=None if shopper.customer_id else shopper.visitor_id,
        ),
        shopper.actor,
    )
    return store.go("/me", place="contests", done="contest")


def contests_of(store: Storefront, numbers: tuple[int, ...]) -> list[Contest]:
    """What this shopper contested, newest first."""
    return store.rooms.contests.of(numbers)[:MOST_SHOWN]


def _decision(asked: str) -> Decision:
    return Decision(asked) if asked in set(Decision) else Decision.OTHER


def _shown(store: Storefront, about: str, list_id: str) -> str:
    """What stood before them, by our own record: the product at its price, and where in which list."""
    said = []
    card = next(iter(store.goods.cards([about])), None) if about else None
    if card is not None:
        price = card.price
        said.append(f"{card.title} {price.sign}{price.digits}" if price else card.title)
    served = store.rooms.served.served(list_id, purpose=Duty.RIGHTS) if list_id else None
    number = store.catalogue.numbers.get(about)
    if served is not None and number in served.products and served.person in store.shopper.numbers(store.rooms):
        place = served.products.index(number) + 1
        said.append(f"{served.surface} {place}/{len(served.products)}, {served.model}")
    return "; ".join(said)[:1_000]


CONTEST_ROUTES = (contest, bring)
