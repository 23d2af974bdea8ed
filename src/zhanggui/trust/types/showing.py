"""How a proposal is shown and edited: codes and values, worded at the edge."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec

Params = Mapping[str, str]
LISTED = " \N{MIDDLE DOT} "
"""Between values of a list on one line."""


class Phrase(msgspec.Struct, frozen=True):
    """Something to say, as a code and its values.

    A value whose name ends in `_minor` is money; `label` and `labels` are the merchant's names (see `Shape.NAMES`).
    """

    code: str
    params: Params = {}


class Shape(enum.StrEnum):
    """What kind of value a text stands for."""

    TEXT = "text"
    LONG = "long"  # of several lines
    LINES = "lines"  # one value a line
    PAIRS = "pairs"  # one `name: value` a line
    MONEY = "money"  # minor units where it is shown, a decimal where it is edited
    SHARE = "share"  # a share of one
    CHOICE = "choice"  # a code among options
    SAID = "said"  # a code of a phrase
    NAMES = "names"  # the merchant's names, between which stands `LISTED`
    RULE = "rule"  # whom a segment means, in the language of segments


class Value(msgspec.Struct, frozen=True):
    """One value of a diff."""

    text: str
    shape: Shape = Shape.TEXT
    currency: str = ""


class DiffRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a change is about. `was` None: there was nothing; `now` None: it is taken away.

    Where both are equal nothing changes there; a row with `is_quiet` is then left out. `scope` is what a reader must
    hold to see the row at all.
    """

    label: Phrase
    was: Value | None = None
    now: Value | None = None
    scope: str = ""
    is_quiet: bool = False


class EditField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the form that edits a change."""

    name: str
    label: Phrase
    shape: Shape
    text: str
    currency: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = False
    longest: int = 512


class FieldProblem(msgspec.Struct, frozen=True):
    """Why a field was not understood, and what may have been meant."""

    name: str
    problem: Phrase
