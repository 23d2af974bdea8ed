"""The shop's pictures, small, under addresses that name their content."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.media import thumbnail

SIZES = (96, 240, 480, 960)
"""Sides in pixels; no other is made, so nobody can ask for a million of them."""
KEPT_BYTES = 32 * 2**20
_NAME = re.compile(r"([0-9a-f]{16,64})-(\d{2,4})\.webp")
_YEAR = "public, max-age=31536000, immutable"


class Thumbnails:
    """Makes thumbnails, and keeps those asked for last: one for each worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._bytes = 0

    def get(self, rooms: Rooms, name: str, size: int) -> bytes:
        """A picture of a shop as WebP within `size` pixels.

        Raises:
            UnknownMedia: there is none of that name.
            BadImage: what is kept cannot be shown.
        """
        key = (rooms.name, name, size)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = thumbnail(rooms.media.get(rooms.media.find(name)), size)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += len(made)
            while self._bytes > KEPT_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1])
        return made


@get("/shop/{shop:str}/img/{name:str}", include_in_schema=False, sync_to_thread=True)
def picture(
    rooms: NamedDependency[Rooms], thumbnails: NamedDependency[Thumbnails], name: FromPath[str]
) -> Response[bytes]:
    """One picture in one of the sizes."""
    asked = _NAME.fullmatch(name)
    if asked is None or int(asked[2]) not in SIZES:
        raise NotFoundException("There is no such picture.")
    try:
        made = thumbnails.get(rooms, asked[1], int(asked[2]))
    except ZhangguiError as error:
        raise NotFoundException("There is no such picture.") from error
    return Response(made, media_type="image/webp", headers={"cache-control": _YEAR})


PICTURE_ROUTES = (picture,)
