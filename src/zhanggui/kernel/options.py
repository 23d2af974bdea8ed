"""Options that mean the same on every command, whichever room it belongs to."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

Json = Annotated[bool, Parameter(name="--json", help="print JSON, for programs")]
Quiet = Annotated[bool, Parameter(name="--quiet", help="no progress bar")]
