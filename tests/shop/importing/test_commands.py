from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cyclopts import App
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_file, a_line, an_importer, uci

from zhanggui.kernel.db import Database
from zhanggui.shop.commands import add_import_commands
from zhanggui.shop.importers.errors import BadMap
from zhanggui.shop.importers.mapping import decode_map
from zhanggui.shop.service.importing import Importer

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def app(sqlite: Database, tmp_path: Path, clock: FixedClock) -> App:
    @contextmanager
    def opened(_shop: str) -> Iterator[Importer]:
        yield an_importer(sqlite, tmp_path, clock)

    app = App(result_action="return_value")
    add_import_commands(app, opened)
    return app


def test_files_are_imported_by_command(app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = str(a_file(tmp_path, uci(a_line("1")), "a.csv"))
    second = str(a_file(tmp_path, uci(a_line("2"), a_line("1")), "b.csv"))

    code = app(["import", "tea", "orders", first, second, "--basis", "contract", "--json", "--quiet"])

    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (report["rows_read"], report["figures"]["orders_created"]) == (3, 2)


def test_the_licence_of_texts_is_asked_for_by_command(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(a_file(tmp_path, "货号,品名,售价\nA1,茶,9\n"))
    for more, held in (([], "own"), (["--licence", "display"], "display")):
        app(["import", "tea", "products", path, "--accept", "--json", "--quiet", *more])
        assert json.loads(capsys.readouterr().out)["figures"]["licence_assumed"] == held
    with pytest.raises(BadMap, match="no licence of texts"):
        app(["import", "tea", "products", path, "--accept", "--quiet", "--licence", "mine"])


def test_a_profile_prints_a_map_that_can_be_used(app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(tmp_path, "订单编号,商品ID,商品名称,数量,单价,下单时间\n880011,t1,茶,2,9.9,2024年1月5日 13:05\n")

    code = app(["import-profile", "tea", str(path)])

    out = capsys.readouterr()
    assert code == 0
    assert decode_map(out.out).columns["数量"] == "quantity"
    assert "orders" in out.err


def test_a_profile_of_a_platform_s_file_is_its_ready_map(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Vendor"
    path = a_file(tmp_path, f"{header}\n#1,a@example.com,paid,USD,2024-03-01,2,Tea,20,A\n")

    code = app(["import-profile", "tea", str(path)])

    out = capsys.readouterr()
    assert code == 0
    assert (decode_map(out.out).name, decode_map(out.out).columns["Name"]) == ("shopify-orders", "order_id")
    assert "Name → order_id" in out.err
    assert "Vendor → (left out)" in out.err


def test_a_report_is_told_in_lines(app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = a_file(tmp_path, uci(a_line("1"), a_line("1.2E+17")))

    app(["import", "tea", "orders", str(path), "--basis", "contract", "--quiet", "--dry-run"])

    assert "rejected               1" in capsys.readouterr().out


def test_the_plainest_product_file_is_imported_unseen(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = re.search(r"```\n(sku,.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert sample is not None
    path = a_file(tmp_path, sample[1])

    code = app(["import", "tea", "products", str(path), "--accept", "--json", "--quiet"])

    report = json.loads(capsys.readouterr().out)
    assert (code, report["rows_read"], report["rejected"]) == (0, 2, 0)
    assert (report["figures"]["products_created"], report["figures"]["offers_created"]) == (2, 2)
    assert "茶 > 绿茶" in sample[1]  # a way down the tree, not a category beside it


def test_a_profile_names_the_field_that_no_column_holds(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, "label,price\n茶,9.9\n")

    code = app(["import-profile", "tea", str(path), "--kind", "products"])

    assert code == 3
    assert 'No column seems to hold product_id: write "product_id" beside the right one' in capsys.readouterr().err


def test_a_file_that_no_map_fits_is_told_how_to_get_one_of_its_kind(app: App, tmp_path: Path) -> None:
    path = a_file(tmp_path, "label,price\n茶,9.9\n")

    for more in ([], ["--accept"]):
        with pytest.raises(BadMap) as caught:
            app(["import", "tea", "products", str(path), "--quiet", *more])
        assert "--kind products" in caught.value.hint


ORDERS = "order_id,customer,what,quantity,price,date\no1,u1,茶,2,9.9,2024-01-05\n"


def test_an_order_file_that_nothing_names_products_in_is_refused_whole(app: App, tmp_path: Path) -> None:
    path = a_file(tmp_path, ORDERS)

    with pytest.raises(BadMap, match="no column for product_id") as caught:
        app(["import", "tea", "orders", str(path), "--accept", "--basis", "contract", "--quiet"])

    assert "--kind orders" in caught.value.hint


def test_a_plain_order_file_names_customer_and_product(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, ORDERS.replace("what", "product"))

    code = app(["import", "tea", "orders", str(path), "--accept", "--basis", "contract", "--quiet", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert (code, report["rejected"], report["figures"]["customers_created"]) == (0, 0, 1)


def test_an_import_that_takes_no_row_ends_with_3_and_names_its_rejects_in_full(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, ORDERS.replace("what", "product").replace("茶", ""))

    code = app(["import", "tea", "orders", str(path), "--accept", "--basis", "contract", "--quiet"])

    (rejects,) = (tmp_path / "imports").glob("*.rejects.csv")
    assert code == 3
    assert str(rejects) in capsys.readouterr().out
    assert "Map a column to product_id (see import-profile)." in rejects.read_text(encoding="utf-8-sig")


def test_an_import_says_why_its_first_rows_were_rejected(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"p{n},茶,{'dear' if n < 9 else n}\n" for n in range(99))
    path = a_file(tmp_path, f'sku,name,price\nopen,"龙井,88\n{rows}last,茶,8\n')

    app(["import", "tea", "products", str(path), "--accept", "--quiet"])

    told = [line for line in capsys.readouterr().out.splitlines() if " line " in line]
    assert len(told) == 5
    assert told[0].endswith(
        'line 2: a quote opened on line 2 does not close. Close it with a second ", or take it out; '
        "a cell holds at most 131,072 characters."
    )
    assert "line 3, column price: not a number" in told[1]


def test_a_product_without_a_title_is_told_the_cure(app: App, tmp_path: Path) -> None:
    path = a_file(tmp_path, "sku,price\nt1,9.9\n")

    code = app(["import", "tea", "products", str(path), "--accept", "--quiet"])

    (rejects,) = (tmp_path / "imports").glob("*.rejects.csv")
    assert code == 3
    assert "Map a column to title (see import-profile)." in rejects.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["nomap.toml", "folder", "gb.toml"])
def test_a_map_that_cannot_be_read_is_a_mistake_of_the_caller(app: App, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    a_file(tmp_path, "订单", "gb.toml", "gb18030")
    path = a_file(tmp_path, ORDERS)

    with pytest.raises(BadMap, match=name) as caught:
        app(["import", "tea", "orders", str(path), "--map", str(tmp_path / name), "--basis", "contract", "--quiet"])

    assert caught.value.hint


def test_a_refused_import_shows_no_bar(app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadMap):
        app(["import", "tea", "prodcts", str(a_file(tmp_path, ORDERS))])

    assert capsys.readouterr().err == ""
