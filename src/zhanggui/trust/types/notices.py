"""Versions of the notices that people agree to, and what was said about single channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.kernel.privacy import Channel, Purpose

Text = Annotated[str, msgspec.Meta(max_length=20_000)]
MAX_NAME_LENGTH = 400
NAME_PATTERN = "^[^@\n]+$(?!\n)"
"""No `@`: it parts the name from the version in a key (`key_of`)."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_LENGTH, pattern=NAME_PATTERN)]
Texts = dict[Annotated[str, msgspec.Meta(min_length=2, max_length=35)], Text]


class PublishNotice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version of a notice.

    Attributes:
        purposes: what agreeing to it grants.
        channels: the ways by which it asks to write; none named: it says nothing of channels, and all are meant.
        texts: the words by language (BCP 47), as they are shown.
        changes: what is different from the version before, by language, in a sentence or two.
        asks_again: who agreed to an older version has agreed to nothing until they agree to this one (PIPL art. 14:
            anew where purpose, method or kind of data change).
    """

    purposes: Annotated[tuple[Purpose, ...], msgspec.Meta(max_length=5)]
    channels: Annotated[tuple[Channel, ...], msgspec.Meta(max_length=7)] = ()
    texts: Texts = {}
    changes: Texts = {}
    asks_again: bool = False


class NoticeVersion(PublishNotice, frozen=True, kw_only=True):
    """A version as it was published. It is never changed: who agreed to it agreed to exactly this."""

    notice: Name
    version: Annotated[int, msgspec.Meta(ge=1)]
    at: datetime
    by: str


class ChannelConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one may write by one channel for a purpose: as the person said, or as follows from the purpose."""

    channel: Channel
    is_granted: bool
    is_recorded: bool
    at: datetime | None = None


class NoticeBook(msgspec.Struct, frozen=True, kw_only=True):
    """What agreeing to each notice is worth now. A key is a name, or `name@version`.

    Attributes:
        grants: the purposes.
        channels: the ways that it asked for, where it named any.
        outdated: the keys of versions after which a newer one asked anew; agreeing to them counts no more.
    """

    grants: Mapping[str, frozenset[Purpose]] = {}
    channels: Mapping[str, frozenset[str]] = {}
    outdated: frozenset[str] = frozenset()


def key_of(notice: str, version: int) -> str:
    """What is written down of an agreement: `privacy@3`."""
    return f"{notice}@{version}"


def parts_of(key: str) -> tuple[str, int | None]:
    """The notice and the version that a key names; None where it names none."""
    name, at, version = key.rpartition("@")
    return (name, int(version)) if at and version.isdigit() else (key, None)
