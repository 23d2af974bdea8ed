from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_line, an_importer, uci

from zhanggui.kernel.db import Database
from zhanggui.shop.routes.imports import ImportRoutes


@pytest.fixture
def client(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Iterator[TestClient[Litestar]]:
    importer = an_importer(sqlite, tmp_path, clock)
    app = Litestar([ImportRoutes], dependencies={"importer": Provide(lambda: importer, sync_to_thread=False)})
    with TestClient(app) as client:
        yield client


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
