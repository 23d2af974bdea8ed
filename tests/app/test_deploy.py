"""What stands in deploy/ agrees with the server."""

from __future__ import annotations

import re
from pathlib import Path

from zhanggui.shop.importers.uploads import MAX_UPLOAD

CADDYFILE = Path(__file__).parents[2] / "deploy/Caddyfile"


def test_the_proxy_passes_bodies_as_large_as_the_largest_upload_and_no_larger() -> None:
    found = re.findall(r"max_size (\d+)GiB", CADDYFILE.read_text(encoding="utf-8"))

    assert [int(gib) * 2**30 for gib in found] == [MAX_UPLOAD]
