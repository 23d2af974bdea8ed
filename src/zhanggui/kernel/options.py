"""Options that mean the same on every command, whichever room it belongs to."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter, validators

Json = Annotated[bool, Parameter(name="--json", help="print JSON, for programs")]
Quiet = Annotated[bool, Parameter(name="--quiet", help="no progress bar")]
Limit = Annotated[int, Parameter(name="--limit", validator=validators.Number(gte=1))]
