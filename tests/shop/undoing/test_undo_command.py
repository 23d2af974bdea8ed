"""`zhanggui import-undo`: the list, what would come of it, and the act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cyclopts import App
from tests.shop.builders import a_product
from tests.shop.undoing.builders import TheImports, the_facts

from zhanggui.kernel.db import Database
from zhanggui.shop.commands import add_import_undo
from zhanggui.shop.service.drafts import Drafts
from zhanggui.shop.service.import_undo import ImportUndoing
from zhanggui.shop.service.uploads import Uploads


@dataclass
class Rooms:
    undoing: ImportUndoing
    drafts: Drafts


def test_an_import_is_listed_told_and_taken_back(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imports, app = TheImports(sqlite, tmp_path), App(result_action="return_value")
    id_ = imports.take("products", [a_product("longjing"), a_product("puer")]).id

    @contextmanager
    def opened(shop: str) -> Iterator[Rooms]:
        assert shop == "tea"
        yield Rooms(imports.undoing, Drafts(uploads=Uploads(importer=imports.importer)))

    add_import_undo(app, opened)
    told = []
    for more in ([], [id_, "--dry-run"], [id_, "--quiet"], [id_, "--quiet"], []):
        app(["import-undo", "tea", *more])
        told.append(capsys.readouterr().out)

    assert id_ in told[0]
    assert "taken back" not in told[0]
    assert "Nothing was changed yet; this would be:\n  products                    2 go" in told[1]
    assert f"Import {id_} is taken back.\n  products                    2 go" in told[2]
    assert told[3] == told[2]
    assert "taken back" in told[4]
    assert not the_facts(sqlite)["products"]
    assert imports.ledger.entries[-1][2].startswith("local:")
