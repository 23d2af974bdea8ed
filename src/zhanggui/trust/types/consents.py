"""Consent, as it is recorded and as it is read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.kernel.privacy import Channel, Purpose

from .notices import ChannelConsent


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one purpose, and why: `recorded` by the person, or by default from the legal bases.

    `version` is that of the notice that they agreed to, `is_outdated` says that a newer one asks again. `channels` are
    those of which something else holds than of the purpose, or was said.
    """

    purpose: Purpose
    is_granted: bool
    is_recorded: bool
    basis: str = ""
    notice: str = ""
    at: datetime | None = None
    version: int | None = None
    is_outdated: bool = False
    channels: tuple[ChannelConsent, ...] = ()


class RecordConsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consent given or withdrawn. `notice` names the text that was agreed to; its newest version counts, or `name@2`.

    With `channel` it is of that one way alone.
    """

    purpose: Purpose
    is_granted: bool
    notice: Annotated[str, msgspec.Meta(max_length=512)] = ""
    channel: Channel | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice that people agree to, and the purposes that agreeing grants."""

    notice: Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
    purposes: Annotated[tuple[Purpose, ...], msgspec.Meta(max_length=5)]
