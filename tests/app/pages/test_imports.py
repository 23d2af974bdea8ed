"""The import wizard and the page of background work, over the real application."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import job_runner, open_control, open_rooms
from zhanggui.app.console.job_words import KINDS
from zhanggui.app.jobs import handlers
from zhanggui.app.site import create_app
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import JobState, enqueue, find_job, jobs_in
from zhanggui.kernel.settings import Settings
from zhanggui.shop.service.uploads import IMPORT, ImportUpload
from zhanggui.shop.types.imports import ImportAsk

BASE = f"/console/{SHOP}"
TITLED = (
    "山月集商品导出\n2026-11-20\n\n货号,品名,售价,产地\n"
    "A1,龙井,68,杭州\nA2,碧螺春,六十八,苏州\n,无号,9,\nA4,普洱,99,云南\n"
) + "".join(f"B{n},茶{n},{n},杭州\n" for n in range(1, 13))
ORDERS = "订单编号,货号,数量,单价,下单时间,收货人,手机\nT1,A1,2,68,2026-11-01 10:00,林小满,13812345678\n"


@dataclass
class Merchant:
    """Somebody with a role, logged in, who reads pages and sends the forms that stand in them."""

    client: Any
    settings: Settings
    cookie: str

    def get(self, path: str, status: int = 200) -> str:
        return str(self.fetch(path, status).text)

    def fetch(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(BASE + path, headers=self._headers)
        self.client.cookies.clear()  # several people share the client
        assert answer.status_code == status, answer.text
        return answer

    @property
    def _headers(self) -> dict[str, str]:
        return {"cookie": self.cookie, "accept-language": "zh"}

    def post(self, path: str, status: int = 303, *, files: Any = None, **fields: str) -> Any:
        token = {"csrf": self.token()} if "csrf" not in fields else {}
        sent = token | fields
        answer = self.client.post(BASE + path, data=sent, files=files, headers=self._headers, follow_redirects=False)
        self.client.cookies.clear()
        assert answer.status_code == status, answer.text
        return answer

    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/jobs"))
        assert found
        return found.group(1)

    def upload(self, text: str | bytes = TITLED, name: str = "商品.csv", status: int = 303, **fields: str) -> Any:
        content = text if isinstance(text, bytes) else text.encode("gb18030")
        return self.post("/import", status, files={"file": (name, content, "text/csv")}, **fields)

    def uploaded(self, *args: Any, **fields: str) -> str:
        """The id of what was uploaded."""
        return str(self.upload(*args, **fields).headers["location"].rpartition("/")[2])

    def checked(self, *args: Any, **fields: str) -> str:
        """The id of what was uploaded and checked as proposed."""
        id_ = self.uploaded(*args)
        self.post(f"/import/{id_}/check", **self.chosen(id_) | fields)
        return id_

    def chosen(self, id_: str) -> dict[str, str]:
        """The form of columns as it stands in the page."""
        page = self.get(f"/import/{id_}")
        chosen = {"kind": _selected(re.search(r'<select[^>]* name="kind".*?</select>', page, re.DOTALL))}
        for found in re.finditer(r'<select[^>]* name="(column-\d+)".*?</select>', page, re.DOTALL):
            chosen[found.group(1)] = _selected(found)
        return chosen

    def work(self) -> None:
        runner = job_runner(SHOP, self.settings, "test")
        try:
            runner.drain()
        finally:
            runner.db.close()


def _selected(found: re.Match[str] | None) -> str:
    assert found
    chosen = re.search(r'<option value="([^"]*)" selected', found.group(0))
    return chosen.group(1) if chosen else ""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return an_installation(tmp_path_factory.mktemp("imports"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Any]:
    with TestClient(create_app(settings)) as opened:
        yield opened


def logged_in(client: Any, settings: Settings, role: str) -> Merchant:
    account = f"{role}-{new_id().lower()[-8:]}"
    with open_control(settings) as control:
        control.users.add(account, roles={SHOP: role})
        link = control.users.login_link(account)
    answer = client.post(f"/login/link/{link}", follow_redirects=False)
    client.cookies.clear()
    return Merchant(client, settings, "; ".join(f"{name}={value}" for name, value in answer.cookies.items()))


@pytest.fixture
def owner(client: Any, settings: Settings) -> Merchant:
    return logged_in(client, settings, "owner")


def test_a_file_is_looked_at_checked_accepted_and_in_the_shop(owner: Merchant) -> None:
    id_ = owner.uploaded()
    columns = owner.get(f"/import/{id_}")
    owner.post(f"/import/{id_}/check", **owner.chosen(id_) | {"column-3": "attribute:产地"})
    checked = owner.get(f"/import/{id_}/check")
    owner.post(f"/import/{id_}/accept")
    running = owner.get(f"/import/{id_}")
    owner.work()
    result = owner.get(f"/import/{id_}")

    assert "CSV, GB18030" in columns
    assert "龙井" in columns
    assert "不是数字" in checked
    assert "六十八" in checked
    assert "必填的地方是空的" in checked
    assert "导入 14 行" in checked
    assert 'hx-trigger="every 2s"' in running
    assert '<noscript><meta http-equiv="refresh"' in running
    assert "文件已导入店铺" in result
    assert f'href="{BASE}/products"' in result
    rows = re.findall(r'<div class="kpi"><dt>([^<]+)</dt><dd class="figure">(\d+)</dd>', result)
    assert rows == [("读到的行", "16"), ("收下的行", "14"), ("拒收", "2")]
    came = result.partition('id="came"')[2]
    assert re.findall(rf'href="{BASE}/products/([^"]+)"', came)[:4] == ["A1", "A4", "B1", "B2"]
    assert "<b>商品</b> 新增 14，更新 0，未变 0" in result
    with open_rooms(SHOP, owner.settings) as rooms:
        assert {"A1", "A4"} <= {product.id for product in rooms.catalogue.products(limit=100)}
        assert "owner-" in owner.get("/import")


def test_what_came_in_with_a_file_of_orders_is_its_first_orders(owner: Merchant) -> None:
    id_ = owner.checked(ORDERS, "orders.csv", basis="contract")
    owner.post(f"/import/{id_}/accept")
    owner.work()

    came = owner.get(f"/import/{id_}").partition('id="came"')[2]

    assert re.findall(rf'href="{BASE}/orders/([^"]+)"', came) == ["T1"]


def test_a_wrong_file_is_taken_back_from_its_page_and_stands_in_the_ledger(owner: Merchant) -> None:
    id_ = owner.checked("货号,品名,售价\nW1,错一,9\nW2,错二,9\n")
    owner.post(f"/import/{id_}/accept")
    owner.work()
    before = owner.get(f"/import/{id_}")
    owner.post(f"/import/{id_}/undo")
    running = owner.get(f"/import/{id_}")
    owner.work()
    after = owner.get(f"/import/{id_}")

    assert "撤回这次导入" in before
    assert "商品：移除 2 项" in before
    assert "正在撤回这次导入" in running
    assert "这次导入已撤回" in after
    assert "商品：移除 2 项" in after
    assert "错一" not in owner.get("/products?q=W1")
    assert "已撤回</span>" in owner.get("/import")
    assert "导入已撤回" in owner.get("/ledger")


def test_the_wizard_says_which_currency_is_assumed_and_lets_one_choose(owner: Merchant) -> None:
    id_ = owner.uploaded("货号,品名,售价\nD1,美国茶,9\n")
    asked = owner.get(f"/import/{id_}")
    owner.post(f"/import/{id_}/check", **owner.chosen(id_) | {"currency": "usd"})
    chosen = owner.get(f"/import/{id_}")
    owner.post(f"/import/{id_}/accept")
    owner.work()

    assert 'name="currency" value="CNY"' in asked
    assert 'name="currency" value="USD"' in chosen
    assert "金额按 USD 导入" in owner.get(f"/import/{id_}")
    refused = owner.uploaded("货号,品名,售价\nD2,茶,9\n")
    assert "ISO 4217" in owner.post(f"/import/{refused}/map", 422, **owner.chosen(refused) | {"currency": "XXQ"}).text


def test_the_wizard_says_whose_the_texts_are_and_lets_one_choose(owner: Merchant) -> None:
    id_ = owner.uploaded("货号,品名,售价\nL1,借来的茶,9\n")
    assert '<option value="own" selected>' in owner.get(f"/import/{id_}")

    owner.post(f"/import/{id_}/check", **(owner.chosen(id_) | {"licence": "display"}))
    owner.post(f"/import/{id_}/accept")
    owner.work()

    assert "授权为：仅供展示" in owner.get(f"/import/{id_}")
    ordered = owner.uploaded(ORDERS, "orders.csv")
    assert 'name="licence"' not in owner.get(f"/import/{ordered}")


def test_nothing_is_accepted_that_was_not_checked(owner: Merchant) -> None:
    id_ = owner.uploaded()

    owner.post(f"/import/{id_}/accept")

    with open_rooms(SHOP, owner.settings) as rooms:
        assert rooms.drafts.job(id_) is None


def test_pressing_twice_imports_once(owner: Merchant) -> None:
    once = new_id()
    first, second = (owner.uploaded(TITLED, "zweimal.csv", once=once) for _ in range(2))
    owner.post(f"/import/{first}/check", **owner.chosen(first))
    owner.post(f"/import/{first}/accept")
    owner.post(f"/import/{first}/accept")
    owner.work()
    owner.post(f"/import/{first}/accept")

    assert first == second == once
    with open_rooms(SHOP, owner.settings) as rooms:
        assert [record.id for record in rooms.drafts.history() if record.files == ("zweimal.csv",)] == [once]


def test_an_upload_waits_for_whoever_comes_back_after_the_server_died(owner: Merchant) -> None:
    id_ = owner.checked(TITLED, "waits.csv")

    with TestClient(create_app(owner.settings)) as reborn:
        again = Merchant(reborn, owner.settings, owner.cookie)
        assert f"/import/{id_}/check" in again.get("/import")
        again.post(f"/import/{id_}/accept")
    owner.work()

    assert "waits.csv" in owner.get(f"/import/{id_}")


@pytest.mark.parametrize(
    ("basis", "said"),
    [({}, "要选一个法律依据"), ({"basis": "because"}, "法律依据"), ({"basis": "consent"}, "要写上同意的告知书")],
)
def test_rows_about_people_are_not_checked_without_a_basis(owner: Merchant, basis: dict[str, str], said: str) -> None:
    id_ = owner.uploaded(ORDERS, "orders.csv")

    answer = owner.post(f"/import/{id_}/check", 422, **owner.chosen(id_), **basis)

    assert 'id="basis-error"' in answer.text
    assert said in answer.text


def test_people_are_masked_in_columns_preview_and_refusals(owner: Merchant) -> None:
    id_ = owner.checked(ORDERS.replace("68,2026", "x,2026"), "orders.csv", basis="contract")
    pages = owner.get(f"/import/{id_}") + owner.get(f"/import/{id_}/check")

    assert "林**" in pages
    assert "138****5678" in pages
    assert "林小满" not in pages
    assert "13812345678" not in pages


def test_a_required_field_without_a_column_is_named(owner: Merchant) -> None:
    id_ = owner.uploaded()

    owner.post(f"/import/{id_}/map", kind="products", **{"column-1": "title"})
    page = owner.get(f"/import/{id_}")
    answer = owner.post(f"/import/{id_}/check", 422, kind="products", **{"column-1": "title"})

    assert "这些必填字段还没有列：商品编号" in page
    assert 'role="alert"' in answer.text


def test_a_field_that_does_not_exist_is_refused(owner: Merchant) -> None:
    id_ = owner.uploaded()

    owner.post(f"/import/{id_}/map", 422, kind="products", **{"column-0": "password"})
    owner.post(f"/import/{id_}/map", 422, kind="everything")


def a_zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 50_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("empty.csv", b"", 422, "「empty.csv」是空文件"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, 422, "「photo.csv」是一张图片（PNG）"),
        ("scan.xlsx", b"%PDF-1.7\n" + b"\0" * 60, 422, "「scan.xlsx」是 pdf 文件，里面没有表格"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", 422, "「page.xls」其实是一个网页"),
        ("bomb.xlsx", a_zip_bomb(), 413, "像是压缩炸弹"),
        ("../../etc/passwd", b"", 422, "「passwd」是空文件"),
        ("cut.parquet", b"PAR1" + struct.pack("<I", 7) * 20, 422, "不是完好的 Parquet 文件"),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(
    owner: Merchant, name: str, content: bytes, status: int, said: str
) -> None:
    uploads = owner.settings.home / "shops" / SHOP / "imports" / "uploads"
    before = set(uploads.iterdir()) if uploads.is_dir() else set()

    answer = owner.upload(content, name, status)

    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert set(uploads.iterdir()) == before


def test_a_form_without_a_file_says_so(owner: Merchant) -> None:
    assert "请先选一个文件" in owner.post("/import", 422).text


@pytest.mark.parametrize("act", ["map", "check", "accept", "cancel", "retry", "again", "discard"])
def test_a_form_without_its_token_changes_nothing(owner: Merchant, act: str) -> None:
    id_ = owner.uploaded()

    owner.post(f"/import/{id_}/{act}", 403, csrf="")
    owner.upload(TITLED, "x.csv", 403, csrf="stolen")

    owner.get(f"/import/{id_}")


@pytest.mark.parametrize("role", ["agent", "analyst", "auditor"])
def test_who_may_not_write_sees_no_upload(client: Any, settings: Settings, owner: Merchant, role: str) -> None:
    id_ = owner.checked(ORDERS, "orders.csv", basis="contract")

    other = logged_in(client, settings, role)
    for path in ("/import", f"/import/{id_}", f"/import/{id_}/check", f"/import/{id_}/rejects.csv"):
        other.get(path, 403)


@pytest.mark.parametrize("id_", ["..%2F..%2Fmaster.key", "nothing", "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_an_id_that_names_nothing_is_not_found(owner: Merchant, id_: str) -> None:
    owner.get(f"/import/{id_}", 404)
    owner.get(f"/import/{id_}/rejects.csv", 404)


def test_a_cancelled_import_says_that_what_was_stored_stays_and_can_go_on(owner: Merchant) -> None:
    id_ = owner.checked(TITLED, "cancelled.csv")
    owner.post(f"/import/{id_}/accept")

    owner.post(f"/import/{id_}/cancel")
    page = owner.get(f"/import/{id_}")
    owner.post(f"/import/{id_}/retry")
    owner.work()

    assert "已写入的保留不动" in page
    assert "导入店铺" in owner.get(f"/import/{id_}") or "都已经有了" in owner.get(f"/import/{id_}")


def test_the_refused_rows_come_as_a_file_that_no_spreadsheet_runs(owner: Merchant) -> None:
    id_ = owner.checked("货号,品名,售价\nA1,龙井,=1+1\n", "formula.csv")

    answer = owner.fetch(f"/import/{id_}/rejects.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert [row["value"] for row in rows] == ["'=1+1"]


def test_a_file_like_an_earlier_one_is_read_as_that_one(owner: Merchant) -> None:
    one = owner.uploaded("甲,乙\nX1,茶\n", "first.csv", kind="labels")
    owner.post(f"/import/{one}/check", kind="labels", **{"column-0": "product_id", "column-1": "label"})
    owner.post(f"/import/{one}/accept")
    owner.work()

    other = owner.uploaded("甲,乙\nX2,酒\n", "second.csv")

    assert owner.chosen(other) == {"kind": "labels", "column-0": "product_id", "column-1": "label"}
    assert "first.csv" in owner.get(f"/import/{other}")


def test_the_history_is_searched_sorted_and_exported(owner: Merchant) -> None:
    for name in ("=cmd.csv", "plain.csv"):
        id_ = owner.checked(TITLED, name)
        owner.post(f"/import/{id_}/accept")
    owner.work()

    found = owner.get("/import?q=plain&sort=-rows")
    exported = owner.get("/import/history.csv?sort=at")

    assert "plain.csv" in found
    assert "_cmd.csv</a>" not in found
    assert "=cmd" not in exported.replace("'=cmd", "")
    assert owner.get("/import?q=nothing-like-it").count("没有符合的") == 1


def test_a_draft_can_be_thrown_away(owner: Merchant) -> None:
    id_ = owner.uploaded()

    owner.post(f"/import/{id_}/discard")

    owner.get(f"/import/{id_}", 404)


# Background work


def a_failed_import(owner: Merchant) -> str:
    upload = ImportUpload(upload="gone/gone.csv", ask=ImportAsk(kind="products"))
    with open_rooms(SHOP, owner.settings) as rooms:
        id_ = rooms.db.write(lambda db: enqueue(db, IMPORT, upload))
    owner.work()
    return id_


def test_a_failed_job_says_why_and_starts_anew(owner: Merchant) -> None:
    id_ = a_failed_import(owner)
    page = owner.get("/jobs?state=dead")

    answer = owner.post(f"/jobs/{id_}/retry", state="dead")

    assert "上传的「gone.csv」已不在。" in page
    assert "GiveUp" not in page
    assert answer.headers["location"].endswith("done=retried&state=dead")
    with open_rooms(SHOP, owner.settings) as rooms, rooms.db.read() as db:
        assert find_job(db, id_).state is JobState.WAITING


def test_a_waiting_job_is_called_off_once(owner: Merchant) -> None:
    id_ = owner.checked(TITLED, "off.csv")
    owner.post(f"/import/{id_}/accept")

    live = owner.get("/jobs")
    owner.post(f"/jobs/{id_}/cancel")

    assert 'hx-trigger="every 2s"' in live
    owner.post(f"/jobs/{id_}/cancel", 409)
    owner.post(f"/jobs/{new_id()}/cancel", 404)


def test_the_page_asks_again_only_while_something_runs(owner: Merchant) -> None:
    owner.work()

    page = owner.get("/jobs")

    assert 'hx-trigger="every' not in page
    assert "下次：" in page


def test_work_is_seen_by_whoever_may_read_and_changed_by_whoever_may_write(
    client: Any, settings: Settings, owner: Merchant
) -> None:
    id_ = a_failed_import(owner)
    agent = logged_in(client, settings, "agent")

    page = agent.get("/jobs?state=dead")

    assert "/retry" not in page
    agent.post(f"/jobs/{id_}/retry", 403, csrf="")
    owner.post(f"/jobs/{id_}/retry", 403, csrf="")


@pytest.mark.parametrize("query", ["?state=nonsense", "?sort=-payload", "?page=99999999", "?q=%25%27", "?page=x"])
def test_a_strange_address_shows_the_table_all_the_same(owner: Merchant, query: str) -> None:
    owner.get(f"/jobs{query}")
    owner.get(f"/jobs.csv{query}")
    owner.get(f"/import{query}")


def test_every_kind_of_work_has_a_name(settings: Settings) -> None:
    with open_rooms(SHOP, settings) as rooms:
        assert {handler.kind for handler in handlers(rooms)} <= set(KINDS)
        with rooms.db.read() as db:
            assert {job.kind for job in jobs_in(db)} <= set(KINDS)


def test_the_pages_speak_english_too(owner: Merchant) -> None:
    id_ = owner.checked()

    page = owner.get(f"/import/{id_}/check?lang=en")

    assert "Would be refused" in page
    assert "not a number" in page
    assert not re.search(r"将拒收|不是数字", page)


def test_a_saved_draft_is_no_file_that_an_upload_can_overwrite(owner: Merchant, tmp_path: Path) -> None:
    id_ = owner.uploaded(TITLED, ".draft.json")

    assert "龙井" in owner.get(f"/import/{id_}")
    assert list(tmp_path.iterdir()) == []
