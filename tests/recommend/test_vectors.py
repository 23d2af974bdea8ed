"""Vectors of products in a shop: what they change in the next answer, what is refused, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from litestar import Response
from litestar.di import Provide
from litestar.testing import TestClient, create_test_client
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids
from tests.shop.builders import a_product

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.recommend.commands.vectors import vector_commands
from zhanggui.recommend.errors import UnknownSpace, UnusableVectors
from zhanggui.recommend.routes.vectors import VectorRoutes
from zhanggui.recommend.service.vectors.files import read_vectors
from zhanggui.recommend.words import SIGNALS, explain

CUP, LAMP, BOWL = "杯", "灯", "碗"
PICTURES = {CUP: (1.0, 0.0, 0.1), LAMP: (0.9, 0.1, 0.1), BOWL: (-0.5, 1.0, 0.0), "画": (-1.0, -1.0, 0.3)}


def stocked(db: Database, folder: Path, clock: FixedClock) -> TestShop:
    """Four products that share no word, and three teas."""
    shop = TestShop(db, folder / "models", clock)
    shop.sells(*(a_product(one, title=one, category=(f"类{one}",), keywords=(one,), brand=one) for one in PICTURES))
    shop.sells(*(a_product(f"茶{n}", title="龙井", category=("茶",), keywords=("茶",), brand="茶") for n in range(3)))
    return shop


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    return stocked(sqlite, tmp_path, clock)


def keep(shop: TestShop, vectors: dict[str, tuple[float, ...]], space: Any = "image", version: str = "clip") -> Any:
    rows = np.array(list(vectors.values()), dtype=np.float32)
    return shop.recommend.vectors.put(space, version, list(vectors), rows)


def test_what_looks_alike_is_similar_in_the_next_answer_of_every_process(
    any_database: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = stocked(any_database, tmp_path, clock)
    other = shop.recommender()
    # A bare list still has what sells anyway, so it is the reason that tells.
    assert "looks_alike" not in {one.reason.code for one in other.similar(CUP, k=9).items}

    done = keep(shop, PICTURES)

    assert (done.stored, done.unknown, done.dropped, done.products, done.dimension) == (4, 0, 0, 4, 3)
    for recommend in (other, shop.recommend, shop.recommender()):
        first = recommend.similar(CUP, k=9).items[0]
        assert (first.product_id, first.reason.code, first.reason.params["product_id"]) == (LAMP, "looks_alike", CUP)
        assert first.reason.shares["looks_alike"] > 0.5
        assert "content" not in first.reason.shares
    card = shop.recommend.vectors.remove("image")
    assert (card.products, card.version, card.dimension) == (4, "clip", 3)
    assert "looks_alike" not in {one.reason.code for one in other.similar(CUP, k=9).items}
    with pytest.raises(UnknownSpace, match="no vectors of"):
        shop.recommend.vectors.remove("image")


def test_a_newcomer_with_a_picture_is_found_by_it(shop: TestShop) -> None:
    keep(shop, PICTURES)
    for n in range(30):
        shop.sees(f"v{n}", CUP, "茶0", "茶1", days_ago=2)
    shop.recommend.train()

    shop.sells(a_product("新", title="新", category=("新",), keywords=("新",), brand="新"))
    assert "looks_alike" not in {one.reason.code for one in shop.recommend.similar("新", k=5).items}
    keep(shop, {"新": (1.0, 0.02, 0.1)})

    found = shop.recommend.similar("新", k=5).items
    assert {one.product_id for one in found if one.reason.code == "looks_alike"} >= {CUP, LAMP}
    assert "新" in ids(shop.recommend.similar(CUP, k=5))
    # A training learns the same lists, and another process begins with them.
    shop.recommend.train()
    graph = shop.recommend.serving.anybody(1, "home")[0].model.graphs.content
    numbers = shop.recommend.serving.anybody(1, "home")[0].view.numbers
    assert numbers[LAMP] in graph.ids[numbers["新"]]


def test_parts_of_an_explanation_sum_to_what_content_was(shop: TestShop) -> None:
    shop.sees("me", CUP, "茶0")
    before = shop.recommend.explaining.explain("茶1", visitor_id="me")
    keep(shop, PICTURES | {"茶0": (0.2, 0.1, 1.0), "茶1": (0.2, 0.0, 1.0)})
    keep(shop, {"茶0": (1.0, 0.5), "茶1": (1.0, 0.6), CUP: (-1.0, 1.0)}, space="text")

    after = shop.recommend.explaining.explain("茶1", visitor_id="me")

    assert {part.name for part in before.factors} & {"looks_alike", "described_alike"} == set()
    names = {part.name: part.value for part in after.factors}
    assert min(names["content"], names["looks_alike"], names["described_alike"]) > 0
    assert after.score == pytest.approx(sum(names.values()) + sum(part.value for part in after.ranker), abs=1e-6)
    of_history = [row.by for row in after.history]
    for name in ("content", "looks_alike", "described_alike"):
        assert sum(by.get(name, 0.0) for by in of_history) == pytest.approx(names[name], abs=1e-6)
    reason = next(one.reason for one in shop.recommend.for_shopper(visitor_id="me").items if one.product_id == "茶1")
    assert sum(reason.shares.values()) == pytest.approx(1.0, abs=1e-3)
    whole = sum(names[name] for name in ("content", "looks_alike", "described_alike"))
    told = sum(reason.shares[name] for name in ("content", "looks_alike", "described_alike"))
    assert reason.shares["looks_alike"] / told == pytest.approx(names["looks_alike"] / whole, abs=1e-3)


def test_another_version_drops_the_old_and_unknown_products_are_counted(shop: TestShop) -> None:
    keep(shop, PICTURES)

    done = keep(shop, {CUP: (1.0, 0.0), LAMP: (0.0, 1.0), "无": (1.0, 1.0)}, version="clip-2")

    assert (done.stored, done.unknown, done.unknown_ids, done.dropped, done.products) == (2, 1, ("无",), 4, 2)
    assert [(one.version, one.dimension, one.products) for one in shop.recommend.vectors.cards()] == [("clip-2", 2, 2)]
    assert "looks_alike" not in {one.reason.code for one in shop.recommend.similar(CUP, k=9).items}


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        ({}, "no vector in it"),
        ({CUP: (1.0, float("nan"), 0.0)}, "no finite number"),
        ({CUP: (0.0, 0.0, 0.0)}, "all zeros"),
        ({CUP: (1.0,)}, "1 values each"),
        ({CUP: (1.0, 0.0)}, "have 2 values; those of image, version clip, have 3"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_row_and_reason(
    shop: TestShop, vectors: dict[str, tuple[float, ...]], words: str
) -> None:
    keep(shop, PICTURES)

    with pytest.raises(UnusableVectors, match=words):
        keep(shop, vectors)

    assert shop.recommend.vectors.cards()[0].products == 4


def test_a_product_that_comes_twice_is_named(shop: TestShop) -> None:
    with pytest.raises(UnusableVectors, match=f'"{CUP}" comes twice'):
        shop.recommend.vectors.put("text", "1", [LAMP, CUP, CUP], np.ones((3, 2), dtype=np.float32))


def _parquet(path: Path, vectors: list[list[float]]) -> Path:
    pq.write_table(pa.table({"product_id": [CUP, LAMP][: len(vectors)], "vector": vectors}), path)
    return path


def test_files_of_both_kinds_say_the_same(tmp_path: Path) -> None:
    rows = [[1.0, 2.0], [3.0, 4.0]]
    np.savez(tmp_path / "v.npz", ids=np.array([CUP, LAMP]), vectors=np.array(rows, dtype=np.float64))

    for path in (_parquet(tmp_path / "v.parquet", rows), tmp_path / "v.npz"):
        found, vectors = read_vectors(path)
        assert found == [CUP, LAMP]
        assert vectors.tolist() == rows
        assert vectors.dtype == np.float32


def test_files_that_cannot_be_read_say_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a")
    (tmp_path / "broken.npz").write_text("a")
    np.savez(tmp_path / "named.npz", names=np.array([CUP]), vectors=np.ones((1, 2)))
    np.savez(tmp_path / "flat.npz", ids=np.array([CUP]), vectors=np.ones(2))
    pq.write_table(pa.table({"id": [CUP]}), tmp_path / "other.parquet")
    _parquet(tmp_path / "ragged.parquet", [[1.0, 2.0], [3.0]])

    for name, words in {
        "none.npz": "There is no file",
        "v.csv": "neither Parquet nor .npz",
        "broken.npz": "cannot be read",
        "named.npz": "has no ids; it has names, vectors",
        "flat.npz": "vectors of \\(2,\\)",
        "other.parquet": "has no product_id and no vector; it has id",
        "ragged.parquet": "row 2 has 1 values, the first row 2",
    }.items():
        with pytest.raises(UnusableVectors, match=words):
            read_vectors(tmp_path / name)


def test_the_command_imports_lists_and_removes(
    shop: TestShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def opened(_: str) -> AbstractContextManager[Any]:
        return nullcontext(shop)

    run: Callable[..., Any] = vector_commands(opened)
    np.savez(tmp_path / "v.npz", ids=np.array([CUP, "无"]), vectors=np.ones((2, 4)))

    run(["import", "shop", str(tmp_path / "v.npz"), "--space", "image"], result_action="return_value")
    run(["list", "shop"], result_action="return_value")
    run(["remove", "shop", "--space", "image"], result_action="return_value")

    told = capsys.readouterr().out
    assert "1 vectors of 4 values kept; 1 products have one now." in told
    assert "1 are of no product of the shop, such as 无." in told
    assert shop.recommend.vectors.cards() == []


@pytest.fixture
def client(shop: TestShop) -> Iterator[TestClient[Any]]:
    def told(_: object, error: ZhangguiError) -> Response[Any]:
        return Response({"code": error.code}, status_code={"not_found": 404}.get(error.kind.value, 400))

    with create_test_client(
        [VectorRoutes],
        dependencies={"recommender": Provide(lambda: shop.recommend, sync_to_thread=False)},
        exception_handlers={ZhangguiError: told},
    ) as client:
        yield client


def test_a_batch_over_http_acts_in_the_next_answer(client: TestClient[Any], shop: TestShop) -> None:
    where = "/v1/teahouse/product-vectors"
    batch = [{"product_id": one, "vector": list(vector)} for one, vector in PICTURES.items()]

    done = client.put(f"{where}/text", json={"version": "bge", "vectors": batch})

    assert done.json()["stored"] == 4
    first = shop.recommend.similar(CUP, k=3).items[0]
    assert (first.product_id, first.reason.code) == (LAMP, "described_alike")
    assert client.get(where).json()[0]["products"] == 4
    batch[0]["vector"] = [1.0, 2.0]
    assert client.put(f"{where}/text", json={"version": "bge", "vectors": batch}).json()["code"] == (
        "recommend.unusable_vectors"
    )
    assert client.put(f"{where}/sound", json={"vectors": batch}).status_code == 400
    assert client.delete(f"{where}/text").json()["products"] == 4
    assert client.delete(f"{where}/text").status_code == 404


def test_words_in_both_languages() -> None:
    assert explain("looks_alike", {"title": "杯"}, "zh") == "看起来和「杯」相像"
    assert explain("described_alike", {"title": "杯"}, "zh") == "说的和「杯」相像"
    assert explain("looks_alike", {"title": "cup"}, "en") == 'Looks like "cup"'
    assert SIGNALS["looks_alike"] == "Looks alike"
