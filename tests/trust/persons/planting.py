"""One shopper who has left something in every place that a shop has, and another who must not notice their erasure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import sqlalchemy as sa

from zhanggui.app.build import job_runner, open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.recommend import ShowLess
from zhanggui.shop import (
    Answer,
    Customer,
    Event,
    EventContext,
    EventName,
    Identifiers,
    LegalBasis,
    Offer,
    Order,
    OrderLine,
    Product,
    ProductText,
    Question,
    Return,
    Review,
    Shipment,
)
from zhanggui.shop.outbox import Card, OutboxDraft
from zhanggui.shop.types.accepting import ServedList
from zhanggui.trust import Author, ProposalDraft, Rationale
from zhanggui.trust.types.contests import AnswerContest, Decision, OpenContest, Outcome

SHOP = "teahouse"
CONTRACT = LegalBasis(kind="contract")
NOW = datetime(2026, 5, 20, 4, tzinfo=UTC)
PICTURE = b"\x89PNG a picture of the parcel MARK-PICTURE-BYTES"
MARKS = {
    "customer id": "c-mark-7f31a9",
    "visitor id": "v-mark-55d0e1",
    "name": "欧阳标记",
    "phone": "13912345071",
    "e-mail": "mark-mail@person.example",
    "address": "标记市南山区科技路七十一号",
    "platform id": "tb-mark-90211",
    "search query": "标记查询 送给奶奶的茶",
    "event field": "MARK-EXTRA-FIELD",
    "event campaign": "MARK-CAMPAIGN-OF-ONE",
    "archived event field": "MARK-ARCHIVED-FIELD",
    "review": "MARK-REVIEW 味道很好",
    "review picture": "https://pictures.example/MARK-REVIEW-PICTURE.jpg",
    "picture": "MARK-PICTURE-BYTES",
    "question": "MARK-QUESTION 可以送到吗",
    "question with answers": "MARK-ANSWERED-QUESTION",
    "answer": "MARK-ANSWER 我觉得可以",
    "return reason": "MARK-RETURN-REASON",
    "parcel": "MARK-PARCEL-SF123",
    "province": "MARK-PROVINCE",
    "notice": "MARK-NOTICE-OF-ORDER",
    "reason of showing": "MARK-DISCLOSURE-REASON",
    "refused row": "MARK-REFUSED-ROW",
    "upload": "MARK-WAITING-UPLOAD",
    "exported list": "MARK-EXPORTED-LIST",
    "file of talks": "MARK-TALK",
    "contest": "MARK-CONTESTED-WORDS",
    "answer to a contest": "MARK-CONTEST-ANSWER",
}
"""What a shop may know of one person, each by a mark that nothing else in the shop holds."""

OTHER = "c-other-1"


def everything_is_left(rooms: Rooms, settings: Settings, work: Path) -> None:
    """Plant all of it."""
    goods = [Product(id=id_, texts={"zh": ProductText(title=f"茶 {id_}")}) for id_ in ("longjing", "puer", "qimen")]
    rooms.catalogue.put_products(goods)
    rooms.catalogue.put_offers([Offer(product_id=one.id, price_minor=9900, on_hand=50) for one in goods])
    _people(rooms)
    _behaviour(rooms)
    _orders(rooms)
    _words(rooms)
    _said(rooms)
    _notes(rooms)
    _contested(rooms)
    _files(rooms, work)
    assert rooms.archive.archive_closed_days() > 0
    runner = job_runner(SHOP, settings, "test", clock=lambda: NOW)
    runner.drain()  # profiles are folded, labels earned
    runner.db.close()
    rooms.recommend.train()


def _people(rooms: Rooms) -> None:
    identifiers = Identifiers(
        name=MARKS["name"],
        phone=MARKS["phone"],
        email=MARKS["e-mail"],
        address=MARKS["address"],
        platform_ids={"taobao": MARKS["platform id"]},
    )
    other = Identifiers(name="李小红", phone="13800000001", email="li@person.example")
    rooms.people.put_customers(
        [
            Customer(id=MARKS["customer id"], identifiers=identifiers, province="广东"),
            Customer(id=OTHER, identifiers=other, province="浙江", joined_at=NOW),
        ],
        CONTRACT,
    )
    rooms.people.identify(MARKS["visitor id"], MARKS["customer id"])
    rooms.people.identify("v-other-1", OTHER)


def _behaviour(rooms: Rooms) -> None:
    context = EventContext(query=MARKS["search query"], campaign=MARKS["event campaign"])
    mine = [
        Event(id="e1", name=EventName.SEARCH, visitor_id=MARKS["visitor id"], context=context),
        Event(
            id="e2",
            name=EventName.VIEW_ITEM,
            customer_id=MARKS["customer id"],
            product_id="longjing",
            extra={"gift_for": MARKS["event field"]},
        ),
        Event(
            id="e3",
            name=EventName.VIEW_ITEM,
            visitor_id=MARKS["visitor id"],
            product_id="puer",
            at=NOW - timedelta(days=12),
            extra={"gift_for": MARKS["archived event field"]},
        ),
    ]
    goods = itertools.cycle(("puer", "qimen", "longjing"))
    at = [NOW - timedelta(days=n % 14, minutes=n) for n in range(60)]  # enough to learn from
    theirs = [
        Event(id=f"o{n}", name=EventName.VIEW_ITEM, customer_id=OTHER, product_id=next(goods), at=moment)
        for n, moment in enumerate(at)
    ]
    receipt = rooms.events.accept([*mine, *theirs])
    assert receipt.accepted == len(mine) + len(theirs), receipt.refused


def _orders(rooms: Rooms) -> None:
    line = OrderLine(id="1", product_id="longjing", quantity=2, unit_price_minor=9900)
    held = Order(
        id="order-1",
        customer_id=MARKS["customer id"],
        visitor_id=MARKS["visitor id"],
        at=NOW - timedelta(days=3),
        province=MARKS["province"],
        lines=(line,),
        shipments=(Shipment(id=MARKS["parcel"]),),
    )
    rooms.orders.put_orders([held], LegalBasis(kind="consent", notice=MARKS["notice"]))
    theirs = Order(id="order-2", customer_id=OTHER, at=NOW - timedelta(days=3), province="浙江", lines=(line,))
    rooms.orders.put_orders([theirs], CONTRACT)
    back = Return(
        id="return-1",
        order_id="order-1",
        customer_id=MARKS["customer id"],
        at=NOW - timedelta(days=1),
        reason=MARKS["return reason"],
        lines=(OrderLine(id="1", product_id="longjing", quantity=1, unit_price_minor=9900),),
    )
    rooms.orders.put_returns([back], CONTRACT)


def _words(rooms: Rooms) -> None:
    me, picture = MARKS["customer id"], rooms.media.put(PICTURE)
    images = (MARKS["review picture"], picture)
    review = Review(
        id="r1", product_id="longjing", customer_id=me, stars=5, text=MARKS["review"], images=images, at=NOW
    )
    theirs = Review(id="r2", product_id="longjing", customer_id=OTHER, stars=4, text="不错的茶", at=NOW)
    rooms.words.put_reviews([review, theirs])
    mine = Answer(id="a1", customer_id=me, text=MARKS["answer"], at=NOW)
    other = Answer(id="a2", customer_id=OTHER, text="当然可以", at=NOW)
    rooms.words.put_questions(
        [
            Question(id="q1", product_id="puer", customer_id=me, text=MARKS["question"], at=NOW),
            Question(id="q2", product_id="puer", customer_id=OTHER, text="好喝吗", at=NOW, answers=(mine, other)),
            Question(
                id="q3",
                product_id="puer",
                customer_id=me,
                text=MARKS["question with answers"],
                at=NOW,
                answers=(other,),
            ),
        ]
    )


def _said(rooms: Rooms) -> None:
    person = rooms.consents.person(customer_id=MARKS["customer id"])
    other = rooms.consents.person(customer_id=OTHER)
    for number in (person, other):
        rooms.consents.record(number, Purpose.MARKETING, granted=True, actor="user:li", notice="newsletter")
    rooms.recommend.show_less(ShowLess(product_id="puer", customer_id=MARKS["customer id"]))
    rooms.recommend.show_less(ShowLess(product_id="qimen", customer_id=OTHER))
    rooms.disclosures.show(MARKS["customer id"], MARKS["reason of showing"], "user:li")
    rooms.disclosures.show(OTHER, "地址不清楚", "user:li")
    shown = ServedList(id="0" * 25 + "1", person=person, surface="home", at_ms=0, products=(1, 2), propensities=())
    rooms.served.log_served([shown])


def _notes(rooms: Rooms) -> None:
    """Others' texts: a proposal, a job, an entry on its way out, each naming the person in other words."""
    draft = ProposalDraft(
        kind="shop.reprice_offer",
        subject="longjing",
        change={"price_minor": 9000},
        reason=Rationale(code="by_hand", params={"note": f"{MARKS['name']} ({MARKS['phone']}) asked for it"}),
        author=Author(name=f"customer:{MARKS['customer id']}"),
    )
    [refused, _left] = rooms.proposals.propose([draft, msgspec.structs.replace(draft, subject="puer")])
    why = Rationale(code="by_hand", params={"note": f"no: {MARKS['name']} asks too often"})
    rooms.proposals.reject(refused.id, why, "user:li")
    entry = OutboxDraft(
        outlet="by-hand",
        kind="note",
        payload={"to": MARKS["e-mail"], "text": f"请联系 {MARKS['name']}"},
        card=Card(code="cancel_order", params={"order": f"for {MARKS['phone']}"}),
        reference="note-1",
        idempotency_key="note-1",
    )

    def work(db: sa.Connection) -> None:
        rooms.queue.put(db, entry)
        enqueue(db, "test.note", Rationale(code="x", params={"mail": MARKS["e-mail"]}), dedupe_key="note")

    rooms.db.write(work)


def _contested(rooms: Rooms) -> None:
    mine = OpenContest(
        decision=Decision.RECOMMENDATION,
        about="longjing",
        words=MARKS["contest"],
        customer_id=MARKS["customer id"],
    )
    held = rooms.contests.open(mine, "shopper")
    given = AnswerContest(outcome=Outcome.EXPLAINED, words=f"{MARKS['answer to a contest']}, {MARKS['name']}")
    rooms.contests.answer(held.id, given, "user:li")
    theirs = OpenContest(decision=Decision.RECOMMENDATION, about="puer", words="为什么是这个", customer_id=OTHER)
    rooms.contests.open(theirs, "shopper")


def _files(rooms: Rooms, work: Path) -> None:
    rows = work / f"customers of {MARKS['name']}.csv"
    rows.write_text(f"id,name,joined_at\nc-9,somebody,{MARKS['refused row']}\n", "utf-8")
    rooms.importer.run("customers", [rows], "contract", accept=True)
    waiting = rooms.folder / "imports" / "uploads" / "01J0000000000000000000000A" / "rows.csv"
    waiting.parent.mkdir(parents=True)
    waiting.write_text(f"id,phone\n{MARKS['upload']},{MARKS['phone']}\n", "utf-8")
    lists = rooms.folder / "exports" / "lists" / "one.parquet"
    lists.parent.mkdir(parents=True, exist_ok=True)
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"customer_id": [MARKS["customer id"], OTHER], "title": [MARKS["exported list"], "茶"]}
    pq.write_table(pa.table(columns), lists)
    talk = f'{{"who": "{MARKS["customer id"]}", "said": "{MARKS["file of talks"]}"}}\n{{"who": "{OTHER}"}}\n'
    (rooms.folder / "conversations.jsonl").write_text(talk, "utf-8")


def places_of(folder: Path, marks: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(mark, file) wherever a file below a folder holds one, as bytes, in any encoding or packing that we write."""
    import pyarrow.parquet as pq

    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        parts = [path.read_bytes(), str(path.relative_to(folder)).encode()]
        if path.suffix == ".parquet":
            parts.append(repr(pq.read_table(path).to_pylist()).encode())
            parts += [
                value for row in pq.read_table(path).to_pylist() for value in row.values() if type(value) is bytes
            ]
        for name, mark in marks.items():
            for encoding in ("utf-8", "gb18030", "utf-16-le", "unicode-escape"):
                if any(mark.encode(encoding) in part for part in parts):
                    yield name, f"{path.relative_to(folder)} ({encoding})"


def places_in(content: bytes) -> Iterator[str]:
    """The marks that stand in some bytes."""
    return (name for name, mark in MARKS.items() if mark.encode() in content)


def opened(settings: Settings) -> Rooms:
    return open_rooms(SHOP, settings, clock=lambda: NOW)
