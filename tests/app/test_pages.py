"""The pages of the server: what they say, that they stay, and that they can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from structlog.testing import capture_logs
from tests.app.builders import an_installation

import zhanggui
from zhanggui.app.http.pages import STYLE
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import FeatureSettings


@pytest.fixture(scope="module", params=[True, False], ids=["with the API page", "without"])
def has_api_page(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def client(has_api_page: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:  # type: ignore[type-arg]
    folder = tmp_path_factory.mktemp("pages")
    with TestClient(create_app(an_installation(folder, features=FeatureSettings(openapi=has_api_page)))) as one:
        yield one


def test_only_the_description_of_the_api_can_be_switched_off(client: TestClient, has_api_page: bool) -> None:  # type: ignore[type-arg]
    for path in ("/", "/docs/errors", "/docs/style.css"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert ('href="/docs"' in answer.text) == (has_api_page and path != "/docs/style.css")
    assert client.get("/docs").status_code == (200 if has_api_page else 404)


@pytest.mark.parametrize("has_api_page", [True], indirect=True, ids=["with the API page"])
def test_an_operation_shows_its_scope_its_body_and_no_empty_table(client: TestClient) -> None:  # type: ignore[type-arg]
    text = client.get("/docs").text

    assert '<html lang="zh">' in text
    assert "<main>" in text
    assert "Needs the scope <code>shop:read</code>." in text
    assert re.search(r"Body: <code>\w+", text)
    assert "<tbody></tbody>" not in text
    assert text.count("<table>") == text.count('<div class="scroll"') > 0
    assert not re.search(r"<details[^>]* id=", text)


class Shop:
    """What a page may hold when it fails: drawing it takes for ever."""

    def __repr__(self) -> str:
        pytest.fail("the log looked into what the page held")


def test_an_unforeseen_failure_of_a_page_is_logged_in_plain_words_under_the_id_it_shows(
    client: TestClient,  # type: ignore[type-arg]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_target: str, _held: Shop = Shop()) -> str:  # noqa: B008
        raise RuntimeError("a promotion fell over")

    monkeypatch.setattr("zhanggui.app.console.login.safe_target", fail)

    with capture_logs() as lines:
        answer = client.get("/login")

    assert answer.status_code == 500
    (line,) = lines
    assert line["exception"].endswith("RuntimeError: a promotion fell over")
    assert line["failure"] in answer.text
    assert "exc_info" not in line  # the logger would draw all that every frame held


@pytest.mark.parametrize("name", ["ink", "quiet", "mark"])
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_the_paper(name: str, scheme: int) -> None:
    colours = dict(re.findall(r"--(\w+):light-dark\(([^)]+)\)", STYLE))
    lighter, darker = sorted((luminance(colours[one].split(",")[scheme]) for one in (name, "paper")), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_no_route_names_the_charset_that_the_framework_adds() -> None:
    named = re.compile(r"""["']text/\w+; *charset""")
    sources = {path: path.read_text(encoding="utf-8") for path in Path(zhanggui.__file__).parent.rglob("*.py")}
    told = [path.name for path, text in sources.items() if named.search(text)]

    assert len(sources) > 100
    assert told == []


@pytest.mark.parametrize("has_api_page", [True], indirect=True, ids=["with the API page"])
@pytest.mark.parametrize(
    "path", ["/shop/teahouse/nope/way", "/console/teahouse/nope/way", "/tour/nope", "/widgets/nope/a/b"]
)
def test_an_unknown_path_of_the_pages_is_answered_with_a_page(client: TestClient, path: str) -> None:  # type: ignore[type-arg]
    answer = client.get(path, headers={"accept": "text/html", "accept-language": "en"})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("has_api_page", [True], indirect=True, ids=["with the API page"])
@pytest.mark.parametrize("path", ["/v1/teahouse/nope", "/nope"])
def test_an_unknown_path_of_the_api_is_answered_with_a_problem(client: TestClient, path: str) -> None:  # type: ignore[type-arg]
    answer = client.get(path, headers={"accept": "text/html"})

    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "http.no_such_path"
