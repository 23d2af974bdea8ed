"""Options that mean the same on every command, whichever room it belongs to."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter, validators

Json = Annotated[bool, Parameter(name="--json", help="print JSON, for programs")]
Quiet = Annotated[bool, Parameter(name="--quiet", help="no progress bar")]
Shown = Annotated[Literal["zh", "en"], Parameter(name="--language")]
"""The language of what is shown."""
Port = Annotated[int, Parameter(name="--port", validator=validators.Number(gte=0, lte=65_535))]
Limit = Annotated[int, Parameter(name="--limit", validator=validators.Number(gte=1))]
