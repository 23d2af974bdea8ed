"""Files that pages load: the snippet for existing sites."""

from __future__ import annotations

from pathlib import Path

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

STATIC = create_static_files_router(
    path="/static",
    directories=[Path(__file__).parent / "static"],
    include_in_schema=False,
    cache_control=CacheControlHeader(public=True, max_age=3600),
)
