from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_line, an_importer, counted, uci
from tests.shop.undoing.builders import LI, TheImports

from zhanggui.app.http.errors import from_zhanggui
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobRunner, JobState, cancel
from zhanggui.shop.jobs import imports as import_jobs
from zhanggui.shop.routes.imports import ImportRoutes
from zhanggui.shop.service.uploads import Uploads


@pytest.fixture
def uploads(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Uploads:
    return Uploads(importer=an_importer(sqlite, tmp_path, clock), at_once_bytes=1_000)


@pytest.fixture
def client(uploads: Uploads) -> Iterator[TestClient[Litestar]]:
    dependencies = {
        "uploads": Provide(lambda: uploads, sync_to_thread=False),
        "importer": Provide(lambda: uploads.importer, sync_to_thread=False),
        "undoing": Provide(lambda: undoing(uploads).undoing, sync_to_thread=False),
    }
    app = Litestar([ImportRoutes], dependencies=dependencies, exception_handlers={ZhangguiError: from_zhanggui})
    with TestClient(app) as client:
        yield client


def send(client: TestClient[Litestar], text: str, **form: str) -> Any:
    data = {"kind": "orders", "basis": "public-data"} | form
    return client.post("/v1/tea/imports", files={"file": ("big.csv", text.encode())}, data=data)


def undoing(uploads: Uploads) -> TheImports:
    return TheImports(uploads.importer.db, uploads.importer.folder)


def work(uploads: Uploads) -> None:
    importer = uploads.importer
    JobRunner(importer.db, import_jobs.handlers(uploads, undoing(uploads).undoing), importer.clock, "w1").drain()


def test_the_licence_of_texts_is_a_field_of_the_form(client: TestClient[Litestar], uploads: Uploads) -> None:
    goods = "货号,品名,售价\nA1,茶,9\n"

    taken = send(client, goods, kind="products", accept="true", licence="display")
    refused = send(client, goods, kind="products", accept="true", licence="mine")
    pointless = send(client, goods, kind="offers", accept="true", licence="own")

    assert taken.json()["figures"]["licence_assumed"] == "display"
    assert (refused.status_code, pointless.status_code) == (422, 422)
    assert "no licence of texts" in refused.json()["detail"]


def test_an_upload_is_imported_and_its_rejects_can_be_fetched(client: TestClient[Litestar], tmp_path: Path) -> None:
    body = uci(a_line("1"), a_line("1.23E+17"))

    answer = client.post(
        "/v1/tea/imports",
        files={"file": ("../../evil/订单.csv", body.encode())},
        data={"kind": "orders", "basis": "public-data"},
    )

    report = answer.json()
    assert answer.status_code == 200, report
    assert (report["created"] > 0, report["rejected"]) == (True, 1)
    rejects = client.get(f"/v1/tea/imports/{report['id']}/rejects")
    assert "InvoiceNo" in rejects.text
    assert [each["id"] for each in client.get("/v1/tea/imports").json()] == [report["id"]]
    assert client.get(f"/v1/tea/imports/{report['id']}").json() == report
    assert list((tmp_path / "imports" / "uploads").iterdir()) == []


def test_an_upload_can_be_profiled(client: TestClient[Litestar]) -> None:
    answer = client.post("/v1/tea/imports/profile", files={"file": ("x.csv", uci(a_line()).encode())})

    assert answer.json()["ready_map"] == "uci-online-retail"


BIG = uci(*(a_line(str(n)) for n in range(50)), a_line("1.23E+17"))


def test_a_large_upload_is_imported_in_the_background(
    client: TestClient[Litestar], uploads: Uploads, tmp_path: Path
) -> None:
    answer = send(client, BIG)
    where = answer.headers["location"]
    before = client.get(where).json()
    work(uploads)
    after = client.get(where).json()

    assert (answer.status_code, answer.json()["state"], before["state"]) == (202, "waiting", "waiting")
    assert where == f"/v1/tea/imports/{answer.json()['id']}/progress"
    assert (after["state"], after["rows_done"], after["rows_of"], after["report"]["rejected"]) == ("done", 51, 51, 1)
    assert client.get(f"/v1/tea/imports/{after['id']}").json() == after["report"]
    assert list((tmp_path / "imports" / "uploads").iterdir()) == []


def test_a_dry_run_in_the_background_can_be_read_too(client: TestClient[Litestar], uploads: Uploads) -> None:
    answer = send(client, BIG, dry_run="true")
    work(uploads)

    report = client.get(answer.headers["location"]).json()["report"]
    assert (report["dry_run"], report["rows_read"]) == (True, 51)
    assert counted(uploads.importer.db, "orders") == 0


def test_what_needs_no_look_into_the_file_is_refused_at_once(client: TestClient[Litestar], tmp_path: Path) -> None:
    assert send(client, BIG, basis="").status_code == 422
    assert not (tmp_path / "imports" / "uploads").exists()


def test_a_large_upload_that_cannot_be_imported_says_why(
    client: TestClient[Litestar], uploads: Uploads, tmp_path: Path
) -> None:
    answer = send(client, "a,b\n" + "1,2\n" * 1_000)
    work(uploads)

    progress = client.get(answer.headers["location"]).json()
    assert progress["state"] == "dead"
    assert "No ready map fits big.csv" in progress["error"]
    assert list((tmp_path / "imports" / "uploads").iterdir()) == []


def test_a_cancelled_import_stops_and_its_upload_goes_in_a_week(
    client: TestClient[Litestar], uploads: Uploads, clock: FixedClock, tmp_path: Path
) -> None:
    answer = send(client, BIG)
    uploads.importer.db.write(lambda db: cancel(db, answer.json()["id"], clock()))
    work(uploads)
    progress = client.get(answer.headers["location"]).json()
    clock.now = datetime.now(UTC) + timedelta(days=8)
    send(client, BIG)

    assert progress["state"] == "cancelled"
    assert len(list((tmp_path / "imports" / "uploads").iterdir())) == 1


def test_a_job_that_came_to_its_end_before_its_mark_is_not_run_again(
    client: TestClient[Litestar], uploads: Uploads, clock: FixedClock
) -> None:
    id_ = send(client, BIG).json()["id"]
    (path,) = (uploads.importer.folder / "imports" / "uploads").glob("*/*")
    uploads.importer.run("orders", [path], "public-data", job_id=id_)

    work(uploads)

    assert uploads.progress(id_).state is JobState.DONE
    assert len(uploads.importer.reports()) == 1


def test_an_import_of_another_id_is_unknown(client: TestClient[Litestar]) -> None:
    assert client.get("/v1/tea/imports/01J0000000000000000000000/progress").status_code == 404


def test_what_taking_an_import_back_would_do_and_did_is_told(client: TestClient[Litestar], uploads: Uploads) -> None:
    id_ = send(client, uci(a_line("1"))).json()["id"]
    where = f"/v1/tea/imports/{id_}/undo"

    foretold = client.get(where).json()
    undoing(uploads).undoing.ask(id_, LI)
    asked = client.get(where).json()
    work(uploads)
    done = client.get(where).json()

    assert (foretold["at_ms"], foretold["removed"]["orders"]) == (0, 1)
    assert (asked["by"], asked["is_done"]) == (LI, False)
    assert (done["is_done"], done["removed"]) == (True, foretold["removed"])
    assert client.get("/v1/tea/imports/nothing/undo").status_code == 404
