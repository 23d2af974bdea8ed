"""What the matrix of laws names stands in the software."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.builders import an_installation

from zhanggui.app.cli.main import COMMANDS
from zhanggui.app.http.openapi import routes_of
from zhanggui.app.site import create_app
from zhanggui.trust.engines.ethics import read_matrix
from zhanggui.trust.types.ethics import Holding

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """All operations and pages of the application, all commands."""
    app = create_app(an_installation(tmp_path_factory.mktemp("law")))
    pages = {route.path.replace(":str", "").replace(":int", "") for route in app.routes}
    operations = {str(handler.operation_id) for handler in routes_of(app)}
    return {"route": operations, "page": pages, "command": {name for _, name, *_ in COMMANDS}}


def test_every_route_page_command_test_and_document_of_the_matrix_exists(named: dict[str, set[str]]) -> None:
    def is_there(held: Holding) -> bool:
        if held.kind in {"test", "doc"}:
            return (ROOT / held.name).exists()
        return held.name in named[held.kind]

    missing = [(one.id, held) for one in read_matrix().articles for held in one.held if not is_there(held)]

    assert missing == []
