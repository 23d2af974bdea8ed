"""Texts come with a licence: a column's, the map's, the one that was asked for; without any they are the shop's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.shop.importing.builders import KEY, a_file, an_importer, json_lines

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Catalogue, Exporter, Product, ProductText, Words
from zhanggui.shop.importers.errors import BadMap
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.service.live_catalogue import LiveCatalogue
from zhanggui.shop.types import TextLicence

OPEN = "货号,品名,关键词\nA1,龙井,绿茶\n"
MAP = 'kind = "products"\n{licence}[columns]\n"货号" = "product_id"\n"品名" = "title"\n"关键词" = "keywords"\n'


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Importer:
    return an_importer(sqlite, tmp_path, clock)


def licences(importer: Importer) -> dict[str, str]:
    found = Catalogue(db=importer.db, clock=importer.clock).products(None, 50)
    return {one.id: one.licence.value for one in found}


def test_each_row_says_its_own_in_chinese_or_english(importer: Importer, tmp_path: Path) -> None:
    words = ("自有", "training", "仅展示", "未知", "", "Display only")
    rows = "".join(f"A{n},茶,{word}\n" for n, word in enumerate(words))

    report = importer.run("products", [a_file(tmp_path, f"货号,品名,授权\n{rows}")], accept=True, licence="unknown")

    assert list(licences(importer).values()) == ["own", "training", "display", "unknown", "unknown", "display"]
    assert "licence_assumed" not in report.figures


def test_a_word_that_is_no_licence_refuses_its_row(importer: Importer, tmp_path: Path) -> None:
    path = a_file(tmp_path, "货号,品名,授权\nA1,茶,也许\nA2,茶,自有\n")

    report = importer.run("products", [path], accept=True)

    assert (report.rejected, licences(importer)) == (1, {"A2": "own"})


@pytest.mark.parametrize(
    ("in_map", "asked", "held"),
    [("", "", "own"), ("", "display", "display"), ("training", "display", "training")],
    ids=["nothing said", "asked", "the map"],
)
def test_what_no_column_says_is_taken_and_told(
    importer: Importer, tmp_path: Path, in_map: str, asked: str, held: str
) -> None:
    found = MAP.format(licence=f'licence = "{in_map}"\n' if in_map else "")

    report = importer.run("products", [a_file(tmp_path, OPEN)], map=found, licence=asked)

    assert (licences(importer), report.figures["licence_assumed"]) == ({"A1": held}, held)


def test_reviews_and_questions_have_one_too(importer: Importer, tmp_path: Path) -> None:
    reviews = a_file(tmp_path, "商品编号,评价内容,评价时间\nA1,香,2026-05-01\n", "r.csv")
    questions = a_file(tmp_path, "商品编号,问题,提问时间,授权\nA1,几泡?,2026-05-01,可训练\n", "q.csv")

    importer.run("reviews", [reviews], "contract", accept=True, licence="display")
    importer.run("questions", [questions], "contract", accept=True)

    words = Words(db=importer.db, clock=importer.clock)
    assert [one.licence for one in words.reviews(purpose=Purpose.SERVICE)] == [TextLicence.DISPLAY]
    assert [one.licence for one in words.questions(purpose=Purpose.SERVICE)] == [TextLicence.TRAINING]


def test_records_that_are_facts_keep_the_licence_that_they_name(importer: Importer, tmp_path: Path) -> None:
    texts = {"zh": {"title": "茶"}}
    records = [{"id": "A1", "texts": texts}, {"id": "A2", "texts": texts, "licence": "training"}]

    importer.run("products", [a_file(tmp_path, json_lines(records), "p.jsonl")], licence="display")

    assert licences(importer) == {"A1": "display", "A2": "training"}


@pytest.mark.parametrize(
    ("kind", "licence", "said"), [("products", "displya", "no licence"), ("offers", "own", "no texts")]
)
def test_what_is_no_licence_or_has_no_texts_is_refused(
    importer: Importer, tmp_path: Path, kind: str, licence: str, said: str
) -> None:
    with pytest.raises(BadMap, match=said) as caught:
        importer.run(kind, [a_file(tmp_path, OPEN)], accept=True, licence=licence)
    assert caught.value.hint


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_export_carries_it_and_an_import_takes_it_back(
    importer: Importer, tmp_path: Path, clock: FixedClock, form: str
) -> None:
    catalogue = Catalogue(db=importer.db, clock=clock)
    fact = Product(id="A1", texts={"zh": ProductText(title="茶")}, licence=TextLicence.DISPLAY)
    catalogue.put_products([fact])
    Exporter(db=importer.db, cipher=SubjectCipher(KEY)).export("products", tmp_path, form)
    catalogue.put_products([Product(id="A1", texts=fact.texts)])

    importer.run("products", [tmp_path / f"products.{form}"])

    assert licences(importer) == {"A1": "display"}


def test_a_licence_that_forbids_it_withholds_all_words_but_category_and_brand(
    sqlite: Database, clock: FixedClock
) -> None:
    text = ProductText(title="明前龙井", attributes={"产地": "杭州"})
    catalogue = Catalogue(db=sqlite, clock=clock)
    catalogue.put_products(
        [
            Product(
                id=licence.value,
                texts={"zh": text},
                category=("绿茶",),
                brand="掌柜",
                keywords=("豆香",),
                licence=licence,
            )
            for licence in TextLicence
        ]
    )
    live = LiveCatalogue(sqlite, clock)
    with sqlite.read() as db:
        view = live.view(db)

    forbidden = {"display", "unknown"}
    assert view.withheld(range(view.size)) == forbidden
    assert view.learned_texts(range(view.size)).keys() == {"own", "training"}
    for licence in TextLicence:
        number = view.numbers[licence.value]
        told = "".join(view.learned_tokens(number))
        assert ("龙井" in told or "杭州" in told or "豆香" in told) is (licence.value not in forbidden)
        assert "绿茶" in told
        assert "掌柜" in told
        assert view.titles(number) == "明前龙井"
