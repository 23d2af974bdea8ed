"""Consent, as it is recorded and as it is read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.kernel.privacy import Purpose


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one purpose, and why: `recorded` by the person, or by default from the legal bases."""

    purpose: Purpose
    is_granted: bool
    is_recorded: bool
    basis: str = ""
    notice: str = ""
    at: datetime | None = None


class RecordConsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consent given or withdrawn. `notice` names the text that was agreed to."""

    purpose: Purpose
    is_granted: bool
    notice: Annotated[str, msgspec.Meta(max_length=512)] = ""


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice that people agree to, and the purposes that agreeing grants."""

    notice: Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
    purposes: Annotated[tuple[Purpose, ...], msgspec.Meta(max_length=5)]
