from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_file, an_importer
from tests.shop.importing.test_images import a_picture

from zhanggui.app.build import open_rooms
from zhanggui.kernel.db import Database
from zhanggui.kernel.egress import EgressDoor
from zhanggui.kernel.errors import Forbidden, TooLarge, Unavailable
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.settings.sections import FeatureSettings
from zhanggui.shop import Catalogue
from zhanggui.shop.importers.fetching import PictureFetcher

HERE, INSIDE = "127.0.0.1", "10.0.0.8"


class Pictures(BaseHTTPRequestHandler):
    """One picture, and ways that lead elsewhere."""

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        ways = {"/inside": f"http://inside.example:{port}/1.png", "/round": "/round", "/moved": "/1.png"}
        if self.path in ways:
            self.send_response(302)
            self.send_header("Location", ways[self.path])
            self.end_headers()
            return
        self.send_response(200 if self.path == "/1.png" else 404)
        self.end_headers()
        self.wfile.write(a_picture())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer((HERE, 0), Pictures)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def a_fetcher(resolve: Callable[[str, int], Sequence[str]] | None = None) -> PictureFetcher:
    """One for which this machine is a public host and `inside.example` is not."""
    names = {"shop.example": [HERE], "inside.example": [INSIDE], "both.example": [HERE, INSIDE]}
    return PictureFetcher(
        door=EgressDoor(),
        register=lambda _host: None,
        resolve=resolve or (lambda host, _port: names[host]),
        may_reach=lambda it: it == HERE,
    )


@pytest.mark.parametrize("path", ["/1.png", "/moved"])
def test_a_picture_is_loaded(port: int, path: str) -> None:
    assert a_fetcher()(f"http://shop.example:{port}{path}", 10_000) == a_picture()


@pytest.mark.parametrize(
    "url", ["http://inside.example/x", "http://both.example/x", "http://shop.example:{port}/inside"]
)
def test_an_address_inside_is_not_reached_nor_by_a_redirect(port: int, url: str) -> None:
    with pytest.raises(Forbidden):
        a_fetcher()(url.format(port=port), 10_000)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "http://10.0.0.8/x", "http://[::1]/x", "http://[::ffff:10.0.0.8]/x"]
)
def test_addresses_inside_are_never_reached(url: str) -> None:
    with pytest.raises(Forbidden):
        PictureFetcher(door=EgressDoor(), register=lambda _host: None)(url, 10_000)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://a:b@shop.example/", "http://x:y/", "http://[::/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        a_fetcher()(url, 10_000)


def test_the_address_that_was_checked_is_the_one_connected_to(port: int) -> None:
    answers = iter([[HERE], [INSIDE]])

    assert a_fetcher(lambda _host, _port: next(answers))(f"http://shop.example:{port}/1.png", 10_000) == a_picture()


def test_a_picture_over_the_limit_is_refused(port: int) -> None:
    with pytest.raises(TooLarge):
        a_fetcher()(f"http://shop.example:{port}/1.png", 10)


@pytest.mark.parametrize("path", ["/round", "/none"])
def test_no_picture_is_said_so(port: int, path: str) -> None:
    with pytest.raises(Unavailable):
        a_fetcher()(f"http://shop.example:{port}{path}", 10_000)


def test_pictures_of_a_list_are_kept_and_the_refused_are_told(
    sqlite: Database, tmp_path: Path, clock: FixedClock, port: int
) -> None:
    importer = an_importer(sqlite, tmp_path, clock, media=MediaStore(tmp_path / "media"), fetch=a_fetcher())
    importer.run("products", [a_file(tmp_path, "product_id,title\nt1,茶\nt2,杯\n")])
    urls = f"product_id,images\nt1,http://shop.example:{port}/1.png\nt2,http://inside.example/1.png\n"

    report = importer.run("images", [a_file(tmp_path, urls, "urls.csv")], fetch=True)

    (name,) = Catalogue(db=sqlite, clock=clock).product("t1").images
    assert importer.media is not None
    assert (importer.media.get(name), report.updated, report.rejected) == (a_picture(), 1, 1)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_shop_loads_pictures_unless_it_was_switched_off(tmp_path: Path, is_on: bool) -> None:
    settings = an_installation(tmp_path, features=FeatureSettings(fetch_pictures=is_on))

    with open_rooms(SHOP, settings) as rooms:
        assert isinstance(rooms.importer.fetch, PictureFetcher) is is_on
