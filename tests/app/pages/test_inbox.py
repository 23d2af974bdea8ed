"""The inbox over a real app: what it shows, what it does, who may, and what a second hand is told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.rooms import Control, Rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.ids import new_id
from zhanggui.shop import Offer, Product, ProductText
from zhanggui.trust import Author, Effect, FactRef, Proposal, ProposalDraft, ProposalState, Rationale

BASE = f"/console/{SHOP}"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
PEOPLE = {"ann": "owner", "bob": "operator", "eve": "agent", "sam": "analyst", "tim": "auditor"}


@dataclass
class Desk:
    """One person's browser, logged in."""

    client: TestClient[Any]
    account: str
    control: Control
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        link = self.control.users.login_link(self.account)
        path = f"/login/link/{link.rsplit('/', 1)[-1]}"
        answer = self.client.post(path, follow_redirects=False)
        self.cookies = dict(answer.cookies)
        self.client.cookies.clear()

    def get(self, path: str) -> Any:
        self.client.cookies.update(self.cookies | {"zg_lang": "en"})
        answer = self.client.get(BASE + path, follow_redirects=False)
        self.client.cookies.clear()
        return answer

    def post(self, path: str, *, csrf: str | None = None, **form: str) -> Any:
        token = csrf if csrf is not None else CSRF.findall(self.get("/inbox").text)[0]
        self.client.cookies.update(self.cookies | {"zg_lang": "en"})
        answer = self.client.post(BASE + path, data={"csrf": token, **form}, follow_redirects=False)
        self.client.cookies.clear()
        return answer


@dataclass
class Office:
    """A shop with people in it."""

    rooms: Rooms
    desks: dict[str, Desk]
    tea: str  # a product of one test alone

    @property
    def ann(self) -> Desk:
        return self.desks["ann"]

    def propose(self, price_minor: int = 9000, **more: Any) -> Proposal:
        draft = ProposalDraft(
            kind="shop.reprice_offer",
            subject=self.tea,
            change={"price_minor": price_minor},
            reason=Rationale(code="slow_seller"),
            author=Author(kind="model", name="pricing", version="1"),
            **more,
        )
        return self.rooms.proposals.propose([draft])[0]

    def price(self) -> int:
        return self.rooms.catalogue.offers([self.tea])[0].price_minor


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rooms, dict[str, Desk]]]:
    settings = an_installation(tmp_path_factory.mktemp("inbox"))
    with open_control(settings) as control, open_rooms(SHOP, settings) as rooms:
        for account, role in PEOPLE.items():
            control.users.add(account, roles={SHOP: role})
        with TestClient(create_app(settings)) as client:
            yield rooms, {account: Desk(client, account, control) for account in PEOPLE}


@pytest.fixture
def office(house: tuple[Rooms, dict[str, Desk]]) -> Iterator[Office]:
    rooms, desks = house
    tea = new_id()
    rooms.catalogue.put_products([Product(id=tea, texts={"en": ProductText(title="Longjing <tea>")})])
    rooms.catalogue.put_offers([Offer(product_id=tea, price_minor=10_000, cost_minor=6_000, on_hand=5)])
    yield Office(rooms, desks, tea)
    for proposal in rooms.proposals.list(state=ProposalState.PROPOSED).items:
        rooms.proposals.reject(proposal.id, Rationale(code="test_is_over"), "test")


def test_a_proposal_is_said_in_words_with_its_diff_its_effect_and_its_checks(office: Office) -> None:
    effect = Effect(amount_minor=82_000, low_minor=23_000, high_minor=146_000, currency="CNY")
    evidence = (FactRef(kind="product", ref=office.tea), FactRef(kind="offer", ref=office.tea))
    proposal = office.propose(effect=effect, evidence=evidence)

    text = office.ann.get(f"/inbox/{proposal.id}").text

    assert '<h1 id="p-title">Longjing &lt;tea&gt; down to ¥90.00</h1>' in text
    assert "¥90.00, 10.0% lower" in text
    assert "80% lies between +¥230 and +¥1,460" in text
    assert "Sold at ¥100.00, bought at ¥60.00, 5 pieces available" in text
    assert "Passed: The price covers the cost" in text
    words = re.sub(r"<[^>]*>", " ", text)
    assert "price.covers_cost" in text  # in a title
    assert [code for code in ("price.covers_cost", office.tea) if code in words] == []
    assert f'name="hash" value="{proposal.hash}"' in text


def test_an_approval_changes_the_shop_and_leads_to_the_next_with_the_way_back(office: Office) -> None:
    first, second = office.propose(), office.propose(9100)

    answer = office.ann.post(f"/inbox/{first.id}/approve", hash=first.hash)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{BASE}/inbox/{second.id}?done=approved")
    assert office.price() == 9000
    toast = office.ann.get(answer.headers["location"].removeprefix(BASE)).text
    assert f'action="{BASE}/inbox/{first.id}/undo"' in toast


def test_the_list_goes_out_as_a_file_as_it_is_filtered(office: Office) -> None:
    proposal = office.propose(effect=Effect(amount_minor=82_000, low_minor=23_000, high_minor=146_000, currency="CNY"))

    answer = office.ann.get("/inbox.csv?kind=shop.reprice_offer")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.headers["content-type"].startswith("text/csv")
    [row] = [row for row in rows if row["id"] == proposal.id]
    assert (row["about"], row["expected"], row["currency"]) == (office.tea, "820.00", "CNY")
    assert f'href="{BASE}/inbox.csv?kind=shop.reprice_offer"' in office.ann.get("/inbox?kind=shop.reprice_offer").text
    assert proposal.id not in office.ann.get("/inbox.csv?state=applied").text


def test_what_was_approved_can_be_undone_from_its_page(office: Office) -> None:
    proposal = office.propose()
    office.ann.post(f"/inbox/{proposal.id}/approve", hash=proposal.hash)

    office.ann.post(f"/inbox/{proposal.id}/undo")

    assert office.price() == 10_000
    assert office.rooms.proposals.get(proposal.id).state is ProposalState.UNDONE


def test_an_approval_of_what_was_edited_meanwhile_does_nothing_and_shows_the_new_one(office: Office) -> None:
    seen = office.propose()
    office.rooms.proposals.edit(seen.id, {"price_minor": 9500}, "user:other")

    answer = office.ann.post(f"/inbox/{seen.id}/approve", hash=seen.hash)

    assert answer.status_code == 409
    assert "It was edited after you opened it" in answer.text
    assert "¥95.00" in answer.text
    assert office.price() == 10_000


def test_the_second_of_two_people_is_told_and_nothing_is_done_twice(office: Office) -> None:
    proposal = office.propose()
    office.ann.post(f"/inbox/{proposal.id}/approve", hash=proposal.hash)

    answer = office.desks["bob"].post(f"/inbox/{proposal.id}/reject", reason="not_now", hash=proposal.hash)

    assert answer.status_code == 409
    assert "Somebody else has decided it already" in answer.text
    assert "Approved by ann" in answer.text
    assert office.rooms.proposals.get(proposal.id).state is ProposalState.APPLIED


def test_a_subject_that_changed_is_said_and_can_be_checked_again(office: Office) -> None:
    proposal = office.propose()
    office.rooms.catalogue.put_offers([Offer(product_id=office.tea, price_minor=9_900, cost_minor=6_000)])

    refused = office.ann.post(f"/inbox/{proposal.id}/approve", hash=proposal.hash)
    office.ann.post(f"/inbox/{proposal.id}/recheck", hash=proposal.hash)
    again = office.rooms.proposals.get(proposal.id)
    answer = office.ann.post(f"/inbox/{proposal.id}/approve", hash=again.hash)

    assert refused.status_code == 409
    assert f'action="{BASE}/inbox/{proposal.id}/recheck"' in refused.text
    assert (answer.status_code, office.price()) == (303, 9000)


def test_a_cure_is_applied_by_its_button_and_the_checks_run_again(office: Office) -> None:
    proposal = office.propose(5_500)
    page = office.ann.get(f"/inbox/{proposal.id}").text
    assert "Change to ¥60.00" in page or "Raise to ¥60.00" in page

    office.ann.post(f"/inbox/{proposal.id}/mend", hash=proposal.hash, rule="price.covers_cost", place="price_minor")

    mended = office.rooms.proposals.get(proposal.id)
    assert mended.change == {"price_minor": 6_000}
    assert {finding.level.value for finding in mended.findings} == {"pass"}


def test_what_a_check_blocks_cannot_be_approved(office: Office) -> None:
    proposal = office.propose(1_000)

    page = office.ann.get(f"/inbox/{proposal.id}").text
    answer = office.ann.post(f"/inbox/{proposal.id}/approve", hash=proposal.hash)

    assert f'action="{BASE}/inbox/{proposal.id}/approve"' not in page
    assert (answer.status_code, office.price()) == (409, 10_000)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This must be filled in."),
        ("¥1,560", "Did you mean 1560?"),
        ("cheap", "&#34;cheap&#34; is no amount"),
        ("-5", "Must be 0 or more. Did you mean 5?"),
    ],
)
def test_a_field_that_is_not_understood_says_why_and_keeps_what_was_typed(
    office: Office, typed: str, said: str
) -> None:
    proposal = office.propose()

    answer = office.ann.post(f"/inbox/{proposal.id}/edit", hash=proposal.hash, price_minor=typed, list_price_minor="")

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert office.rooms.proposals.get(proposal.id) == proposal


def test_an_edit_puts_another_change_in_its_place(office: Office) -> None:
    proposal = office.propose()

    office.ann.post(f"/inbox/{proposal.id}/edit", hash=proposal.hash, price_minor="93.50", list_price_minor="120")

    edited = office.rooms.proposals.get(proposal.id)
    assert edited.change == {"price_minor": 9350, "list_price_minor": 12_000}


def test_a_rejection_needs_a_reason_and_keeps_ones_own_words(office: Office) -> None:
    proposal = office.propose()

    without = office.ann.post(f"/inbox/{proposal.id}/reject", reason="other", words=" ", hash=proposal.hash)
    office.ann.post(f"/inbox/{proposal.id}/reject", reason="other", words="<b>no</b>", hash=proposal.hash)

    assert without.status_code == 422
    assert "Say in your words" in without.text
    assert office.rooms.proposals.get(proposal.id).state is ProposalState.REJECTED
    text = office.ann.get(f"/inbox/{proposal.id}").text
    assert "&lt;b&gt;no&lt;/b&gt;" in text
    assert "<b>no</b>" not in text


def test_work_by_hand_waits_as_a_card_until_somebody_says_that_it_is_done(office: Office) -> None:
    proposal = office.propose(outlet="by-hand")
    office.ann.post(f"/inbox/{proposal.id}/approve", hash=proposal.hash)

    waiting = office.ann.get(f"/inbox/{proposal.id}").text
    office.ann.post(f"/inbox/{proposal.id}/confirm")

    assert f"Set the price of {office.tea} to ¥90.00." in waiting
    assert (office.price(), office.rooms.proposals.get(proposal.id).state) == (9000, ProposalState.APPLIED)


def test_the_list_puts_money_times_confidence_first(office: Office) -> None:
    sure = Effect(amount_minor=5_000, low_minor=4_000, high_minor=6_000, currency="CNY")
    doubtful = Effect(amount_minor=7_000, low_minor=-90_000, high_minor=104_000, currency="CNY")
    ids = [office.propose(9_000 + n, effect=one).id for n, one in enumerate((doubtful, sure))]
    unknown = office.propose(9_500).id

    listed = re.findall(rf'class="cover title" href="{BASE}/inbox/(\w+)"', office.ann.get("/inbox").text)

    assert listed == [ids[1], ids[0], unknown]


@pytest.mark.parametrize(("account", "status"), [("bob", 200), ("eve", 200), ("sam", 403), ("tim", 403)])
def test_only_who_may_see_proposals_sees_them(office: Office, account: str, status: int) -> None:
    proposal = office.propose()

    assert office.desks[account].get(f"/inbox/{proposal.id}").status_code == status


def test_an_agent_sees_no_costs_and_no_buttons(office: Office) -> None:
    proposal = office.propose(evidence=(FactRef(kind="offer", ref=office.tea),))
    eve = office.desks["eve"]

    text = eve.get(f"/inbox/{proposal.id}").text
    token = CSRF.findall(office.ann.get("/inbox").text)[0]

    assert "Margin" not in text
    assert "¥60.00" not in text
    assert "/approve" not in text
    assert eve.post(f"/inbox/{proposal.id}/approve", csrf=token, hash=proposal.hash).status_code == 403


def test_a_form_without_its_token_is_refused(office: Office) -> None:
    proposal = office.propose()

    answer = office.ann.post(f"/inbox/{proposal.id}/approve", csrf="", hash=proposal.hash)

    assert (answer.status_code, office.price()) == (403, 10_000)


@pytest.mark.parametrize("path", ["/inbox/none", "/inbox/none/edit"])
def test_a_proposal_that_there_is_not_has_a_page_of_its_own(office: Office, path: str) -> None:
    office.propose()

    assert office.ann.get(path).status_code == 404


def test_the_owner_sets_a_level_and_the_page_says_who_did(office: Office) -> None:
    answer = office.ann.post("/inbox/levels/shop.reprice_offer", level="observe")

    text = office.ann.get(answer.headers["location"].removeprefix(BASE)).text
    proposal = office.propose()
    observed = office.ann.get(f"/inbox/{proposal.id}").text
    office.ann.post("/inbox/levels/shop.reprice_offer", level="suggest")
    assert "Set by ann" in text
    assert "This kind only observes for now" in observed


def test_who_may_not_set_levels_sees_no_form(office: Office) -> None:
    bob = office.desks["bob"]

    assert "/inbox/levels/shop.reprice_offer" not in bob.get("/inbox/levels").text
    assert bob.post("/inbox/levels/shop.reprice_offer", level="act").status_code == 403
    assert office.ann.post("/inbox/levels/shop.reprice_offer", level="<all>").status_code == 422
