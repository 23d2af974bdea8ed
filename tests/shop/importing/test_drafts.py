"""Uploads on their way in: kept, looked at, mapped, checked, accepted; each step survives the death of its process."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from tests.shop.importing.builders import an_importer, counted
from tests.shop.undoing.builders import TheImports

from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import JobRunner, JobState, cancel
from zhanggui.shop.errors import BadFile
from zhanggui.shop.importers.drafts import Draft
from zhanggui.shop.importers.errors import BadMap, BasisMissing, UnknownImport
from zhanggui.shop.importers.map_text import map_text
from zhanggui.shop.importers.mapping import decode_map, ready_maps
from zhanggui.shop.jobs.imports import handlers
from zhanggui.shop.service.drafts import Drafts
from zhanggui.shop.service.uploads import Uploads

GOODS = "货号,品名,售价,备注\nA1,龙井,68,好\nA2,碧螺春,abc,\nA3,普洱,99,\n,没有货号,5,\n"
ORDERS = "订单编号,货号,数量,单价,下单时间,姓名\nT1,A1,2,68,2026-11-01 10:00,林小满\n"
Clock = Callable[[], datetime]


@pytest.fixture
def drafts(sqlite: Database, tmp_path: Path, clock: Clock) -> Drafts:
    return Drafts(uploads=Uploads(importer=an_importer(sqlite, tmp_path, clock)))


def kept(drafts: Drafts, text: str = GOODS, name: str = "goods.csv", **more: str) -> Draft:
    return drafts.keep(name, io.BytesIO(text.encode("gb18030")), **more)


def work(drafts: Drafts, clock: Clock) -> None:
    db, folder = drafts.uploads.importer.db, drafts.uploads.importer.folder
    JobRunner(db, handlers(drafts.uploads, TheImports(db, folder).undoing), clock, "test").drain()


@pytest.mark.parametrize("ready", ready_maps(), ids=lambda each: each.name)
def test_a_whole_map_is_read_again_as_it_was_written(ready: object) -> None:
    assert decode_map(map_text(ready)) == ready  # type: ignore[arg-type]


def test_a_draft_knows_its_format_its_columns_and_the_map_proposed(drafts: Drafts) -> None:
    draft = kept(drafts)

    assert (draft.format, draft.kind, draft.rows_seen) == ("CSV, GB18030", "products", 4)
    assert draft.map is not None
    assert draft.map.columns == {"货号": "product_id", "品名": "title", "售价": "price", "备注": ""}


def test_sending_a_file_twice_makes_one_draft(drafts: Drafts) -> None:
    id_ = new_id()

    assert kept(drafts, id_=id_) == kept(drafts, id_=id_)
    assert [draft.id for draft in drafts.waiting()] == [id_]


def test_the_second_request_of_a_press_gets_the_draft_that_the_first_is_still_making(
    drafts: Drafts, tmp_path: Path
) -> None:
    draft, aside = kept(drafts, id_=new_id()), tmp_path / "aside"
    (record,) = tmp_path.rglob(f"{draft.id}/*.json")
    record.rename(aside)  # as it is while the first looks into the file
    second = Drafts(uploads=drafts.uploads, pause=lambda _: record.write_bytes(aside.read_bytes()))

    assert kept(second, id_=draft.id) == draft


def test_the_second_request_of_a_press_does_not_wait_for_a_file_that_was_refused(
    drafts: Drafts, tmp_path: Path
) -> None:
    draft, waited = kept(drafts, id_=new_id()), list[float]()
    (record,) = tmp_path.rglob(f"{draft.id}/*.json")

    def refuse(seconds: float) -> None:
        waited.append(seconds)
        shutil.rmtree(record.parent)

    record.unlink()
    second = Drafts(uploads=drafts.uploads, pause=refuse)

    with pytest.raises(UnknownImport):
        kept(second, id_=draft.id)
    assert len(waited) == 1


@pytest.mark.parametrize("id_", ["../../etc", "x", "01ARZ3NDEKTSV4RRFFQ69G5FA/", ""])
def test_an_id_that_is_none_names_no_folder(drafts: Drafts, id_: str) -> None:
    with pytest.raises(UnknownImport):
        drafts.find(id_)


def test_a_file_that_cannot_be_read_leaves_nothing(drafts: Drafts, tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        kept(drafts, "")

    assert list((tmp_path / "imports" / "uploads").iterdir()) == []


def test_the_preview_shows_what_is_taken_and_what_is_refused(drafts: Drafts) -> None:
    preview = drafts.preview(kept(drafts))

    assert preview.fields == ("product_id", "title", "price")
    assert preview.rows[0].values == ("A1", "龙井", "68")
    assert [row.line for row in preview.rows if row.reject] == [3, 5]


def test_a_check_counts_by_reason_and_stores_nothing(drafts: Drafts, sqlite: Database) -> None:
    checked = drafts.check(kept(drafts).id).checked

    assert checked is not None
    assert (checked.rows_read, checked.kept, checked.rejected) == (4, 2, 2)
    assert dict(checked.reasons) == {"not a number": 1, "nothing where a value is needed": 1}
    assert checked.first[0].value == "abc"
    assert counted(sqlite, "products") == counted(sqlite, "imports") == 0


def test_a_large_file_is_checked_by_a_job_and_stays(drafts: Drafts, clock: Clock) -> None:
    patient = Drafts(uploads=Uploads(importer=drafts.uploads.importer, at_once_bytes=1))
    draft = patient.check(kept(patient).id)
    waiting = patient.checking(draft)
    work(patient, clock)

    assert waiting is not None
    assert waiting.state is JobState.WAITING
    checked = patient.find(draft.id).checked
    assert checked is not None
    assert checked.rejected == 2
    assert patient.rejects(draft.id).is_file()
    assert patient.history() == []


def test_a_changed_kind_proposes_a_map_of_its_own_and_forgets_the_check(drafts: Drafts) -> None:
    draft = drafts.check(kept(drafts).id)

    changed = drafts.remap(draft.id, kind="offers", basis="", columns={"货号": "product_id"})

    assert changed.checked is None
    assert changed.map is not None
    assert changed.map.columns == {"货号": "product_id", "品名": "", "售价": "price", "备注": ""}


def test_a_map_without_a_required_field_is_refused(drafts: Drafts) -> None:
    draft = drafts.remap(kept(drafts).id, kind="products", basis="", columns={"品名": "title"})

    assert drafts.preview(draft).missing == ("product_id",)
    with pytest.raises(BadMap, match="product_id"):
        drafts.accept(draft.id)


@pytest.mark.parametrize("basis", ["", "consent", "consent:", "because"])
def test_rows_about_people_need_a_basis(drafts: Drafts, basis: str) -> None:
    draft = kept(drafts, ORDERS, "orders.csv")
    drafts.remap(draft.id, kind="orders", basis=basis, columns={})

    with pytest.raises(BasisMissing):
        drafts.check(draft.id)


def test_accepting_twice_imports_once_and_the_import_is_remembered(
    drafts: Drafts, clock: Clock, sqlite: Database
) -> None:
    draft = kept(drafts, by="user:01")

    assert drafts.accept(draft.id) == drafts.accept(draft.id) == draft.id
    work(drafts, clock)
    assert drafts.accept(draft.id) == draft.id

    record = drafts.record(draft.id)
    assert record is not None
    assert (record.created, record.rejected, record.by, record.files) == (4, 2, "user:01", ("goods.csv",))
    assert drafts.waiting() == []
    assert counted(sqlite, "products") == 2


def test_an_upload_outlives_its_process(drafts: Drafts, clock: Clock, tmp_path: Path, sqlite: Database) -> None:
    draft = drafts.check(kept(drafts).id)

    reborn = Drafts(uploads=Uploads(importer=an_importer(sqlite, tmp_path, clock)))

    assert reborn.waiting() == [draft]
    reborn.accept(draft.id)
    assert reborn.waiting() == []  # accepted, though nobody has worked on it yet
    work(reborn, clock)
    assert counted(sqlite, "products") == 2


def test_the_next_file_of_the_same_columns_takes_the_map_over(drafts: Drafts, clock: Clock) -> None:
    first = drafts.remap(kept(drafts).id, kind="products", basis="", columns={"货号": "product_id", "备注": "title"})
    drafts.accept(first.id)
    work(drafts, clock)

    again = kept(drafts, name="next.csv")

    assert again.reused == "goods.csv"
    assert again.map == first.map


def test_a_cancelled_import_can_be_taken_up_again(drafts: Drafts, clock: Clock, sqlite: Database) -> None:
    draft = kept(drafts)
    drafts.accept(draft.id)
    with pytest.raises(UnknownImport):
        drafts.again(draft.id)
    sqlite.write(lambda db: cancel(db, draft.id, clock()))

    fresh = drafts.again(draft.id)

    assert fresh == msgspec.structs.replace(draft, id=fresh.id)
    drafts.accept(fresh.id)
    work(drafts, clock)
    assert counted(sqlite, "products") == 2


def test_a_discarded_draft_is_gone_and_an_accepted_one_is_not_discarded(drafts: Drafts) -> None:
    one, other = kept(drafts), kept(drafts)
    drafts.accept(other.id)

    drafts.discard(one.id)

    with pytest.raises(UnknownImport):
        drafts.find(one.id)
    with pytest.raises(UnknownImport):
        drafts.discard(other.id)
