"""Style sheets, scripts and pictures of the pages, under addresses that change with their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from zhanggui.kernel.listing import AnyRequest

FOLDER = Path(__file__).parent / "static"
PREFIX = "/assets"
_YEAR = "public, max-age=31536000, immutable"
_IMPORT = re.compile(r'@import "([^"]+)";\s*')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,]) ?")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and compressed."""

    body: bytes
    gzipped: bytes
    media_type: str
    tag: str


def load_assets(folder: Path = FOLDER) -> dict[str, Asset]:
    """All files below a folder, by path; a style sheet holds what it imports, without comments and spaces."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            body = smaller_css(whole_css(path, set())).encode() if path.suffix == ".css" else path.read_bytes()
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            tag = hashlib.blake2b(body, digest_size=6).hexdigest()
            found[path.relative_to(folder).as_posix()] = Asset(body, gzip.compress(body, 9, mtime=0), media_type, tag)
    return found


def whole_css(path: Path, taken: set[Path]) -> str:
    """A style sheet with those that it imports in their place, each once: a page waits for one file, not for four.

    Args:
        path: of the sheet; what it imports lies beside it.
        taken: sheets that are in already; this one is added.
    """

    def of_import(match: re.Match[str]) -> str:
        imported = path.with_name(match[1])
        return "" if imported in taken else whole_css(imported, taken)

    taken.add(path)
    return _IMPORT.sub(of_import, path.read_text(encoding="utf-8"))


def smaller_css(text: str) -> str:
    """A style sheet without comments, and with one space where there were several."""
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", text))).strip()


class Assets:
    """The files of the pages, read once.

    Args:
        files: by path.
    """

    def __init__(self, files: Mapping[str, Asset]) -> None:
        self.files = files

    def address(self, path: str) -> str:
        """Where a page finds a file; KeyError for one that there is not."""
        return f"{PREFIX}/{path}?v={self.files[path].tag}"


@get(PREFIX + "/{path:path}", include_in_schema=False, sync_to_thread=False)
def asset(request: AnyRequest, path: FromPath[str], assets: NamedDependency[Any]) -> Response[bytes]:
    """One file; whoever names its content may keep it for a year."""
    held = assets.files.get(path.lstrip("/"))
    if held is None:
        raise NotFoundException(f"There is no {path}.")
    is_gzip = "gzip" in request.headers.get("accept-encoding", "") and len(held.gzipped) < len(held.body)
    headers = {
        "cache-control": _YEAR if request.query_params.get("v") == held.tag else "public, max-age=300",
        "etag": f'"{held.tag}"',
        "vary": "accept-encoding",
        **({"content-encoding": "gzip"} if is_gzip else {}),
    }
    return Response(held.gzipped if is_gzip else held.body, media_type=held.media_type, headers=headers)
