"""Notations that every room writes alike: languages, currencies, exact decimals.

`$` alone would let a last newline through; `$(?!\\n)` ends at the very end, in Python and in JSON Schema alike.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Language = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$(?!\n)", max_length=35)]
"""BCP 47: `zh`, `zh-Hant`, `en`."""

Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
"""ISO 4217."""

ExactDecimal = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$(?!\n)")]
"""An exact decimal as its source wrote it."""
