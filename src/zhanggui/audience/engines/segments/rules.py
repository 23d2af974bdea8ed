"""The language of segments: one line that says whom it means.

    stage in (at_risk, dormant) and orders >= 3 and not tag leaves_messages
    likes "category:茶/绿茶" > 0.3 or buys_30 >= 20%

A rule is conditions joined by `and`, `or`, `not` and brackets; `and` binds tighter. A condition is a figure compared
(`= != < <= > >=`; shares may be written in percent), a word compared or `in (…)`, `tag CODE`, or `likes "KEY"` with a
strength.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import get_args

from zhanggui.audience.engines.denied import is_unsaid
from zhanggui.audience.errors import BadSegmentRule
from zhanggui.audience.types.profiles import StageCode, TagCode
from zhanggui.kernel.privacy import Channel
from zhanggui.kernel.words import N_

from .conditions import SIGNS, Figure, Joined, Liked, Rule, Tagged, Test, Unless, Word, as_test
from .facts import FIELDS

LONGEST = 1_000
DEEPEST = 20
USUAL_CHANNELS = tuple(channel.value for channel in Channel)
SLIP = 0.8
"""How alike (0 to 1) a word and a usual channel are where one is taken for a slip of the other."""
STAGES, TAGS = get_args(StageCode), get_args(TagCode)
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"[^"]*")|(?P<number>-?\d+(?:\.\d+)?%?)|(?P<sign><=|>=|!=|[=<>(),])|(?P<word>[A-Za-z_][\w-]*))'
)
_JOINING = frozenset({"and", "or", "not", "in"})


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a rule: `kind` is text, number, sign, word or end; `at` its place, from 0."""

    kind: str
    text: str
    at: int


def parse(rule: str) -> Test:
    """The test that a rule makes.

    Raises:
        BadSegmentRule: as `read` does.
    """
    return as_test(read(rule))


def read(rule: str) -> Rule:
    """What a rule says.

    Raises:
        BadSegmentRule: it cannot be understood, or names a thing that may be inferred of nobody; the message says
            where, the hint what fits there.
    """
    if len(rule) > LONGEST:
        raise BadSegmentRule(
            N_("A rule of %(seen)s characters."),
            cure=N_("At most %(most)s: split the segment."),
            values={"seen": len(rule), "most": LONGEST},
        )
    reader = _Reader(_tokens(rule))
    said = reader.either(0)
    reader.expect_end()
    return said


def _tokens(rule: str) -> list[Token]:
    found, at = [], 0
    while rule[at:].strip():
        match = _TOKEN.match(rule, at)
        if match is None:
            raise BadSegmentRule.at(rule[at:].strip()[:20], at, N_('Quote keys: likes "category:茶".'))
        kind = str(match.lastgroup)
        found.append(Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    return [*found, Token("end", "", len(rule))]


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._place = tokens, 0

    def either(self, depth: int) -> Rule:
        parts = [self._both(depth)]
        while self._takes("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), is_any=True)

    def expect_end(self) -> None:
        token = self._tokens[self._place]
        if token.kind != "end":
            raise BadSegmentRule.at(token.text, token.at, N_("Join conditions with `and` or `or`."))

    def _both(self, depth: int) -> Rule:
        parts = [self._one(depth)]
        while self._takes("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), is_any=False)

    def _one(self, depth: int) -> Rule:
        if depth > DEEPEST:
            raise BadSegmentRule(
                N_("Too many brackets in one another."), cure=N_("At most %(most)s deep."), values={"most": DEEPEST}
            )
        if self._takes("not"):
            return Unless(self._one(depth + 1))
        if self._takes("("):
            inside = self.either(depth + 1)
            self._sign(")")
            return inside
        return self._condition()

    def _condition(self) -> Rule:
        token = self._next()
        shape = FIELDS.get(token.text) if token.kind == "word" else None
        if shape is None or token.text in _JOINING:
            raise BadSegmentRule.unknown(token.text, token.at, FIELDS)
        if shape in {"number", "share"}:
            return self._figure(token.text)
        if shape in {"choice", "channel", "word"}:
            return self._word(token.text)
        return self._tag() if shape == "tag" else self._likes()

    def _figure(self, name: str) -> Figure:
        return Figure(name, *self._comparison("" if FIELDS[name] == "share" else name))

    def _word(self, name: str) -> Word:
        if self._takes("in"):
            self._sign("(")
            values = [self._value(name)]
            while self._takes(","):
                values.append(self._value(name))
            self._sign(")")
            return Word(name, tuple(values))
        token = self._next()
        if token.text not in {"=", "!="}:
            raise BadSegmentRule.at(
                token.text, token.at, N_("Write %(name)s = WORD, or %(name)s in (WORD, WORD)."), name=name
            )
        return Word(name, (self._value(name),), is_in=token.text == "=")

    def _value(self, name: str) -> str:
        token = self._next()
        value = token.text.strip('"')
        if token.kind not in {"word", "text"}:
            raise BadSegmentRule.at(token.text, token.at, N_("After %(name)s comes a word."), name=name)
        if FIELDS[name] == "choice" and value not in STAGES:
            raise BadSegmentRule.unknown(value, token.at, STAGES)
        if FIELDS[name] == "channel" and token.kind == "word":
            _require_no_slip(value, token.at)
        return value

    def _tag(self) -> Tagged:
        token = self._next()
        if token.text not in TAGS:
            raise BadSegmentRule.unknown(token.text, token.at, TAGS)
        return Tagged(token.text)

    def _likes(self) -> Liked:
        token = self._next()
        if token.kind != "text" or ":" not in token.text:
            raise BadSegmentRule.at(token.text, token.at, N_('After likes comes a key: likes "category:茶/绿茶".'))
        key = token.text.strip('"')
        if is_unsaid(key):
            raise BadSegmentRule.denied(key, token.at)
        if self._tokens[self._place].text in SIGNS:
            return Liked(key, *self._comparison())
        return Liked(key)

    def _comparison(self, plain: str = "") -> tuple[str, float]:
        """A sign and a number; `plain` names the figure where it is no share."""
        sign, value = self._next(), self._next()
        if sign.text not in SIGNS:
            raise BadSegmentRule.at(sign.text, sign.at, N_("Compare with one of %(signs)s."), signs=" ".join(SIGNS))
        if value.kind != "number":
            raise BadSegmentRule.at(value.text, value.at, N_("Compare with a number."))
        is_percent = value.text.endswith("%")
        if is_percent and plain:
            cure = N_("%(name)s is no share: write a plain number.")
            raise BadSegmentRule.at(value.text, value.at, cure, name=plain)
        return sign.text, float(value.text.rstrip("%")) / (100 if is_percent else 1)

    def _takes(self, text: str) -> bool:
        token = self._tokens[self._place]
        if token.text == text and token.kind in {"word", "sign"}:
            self._place += 1
            return True
        return False

    def _sign(self, text: str) -> None:
        if not self._takes(text):
            token = self._tokens[self._place]
            raise BadSegmentRule.at(token.text, token.at, N_("Here '%(sign)s' is missing."), sign=text)

    def _next(self) -> Token:
        token = self._tokens[self._place]
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token


def _require_no_slip(channel: str, place: int) -> None:
    """Refuse a channel that looks like a slip of a usual one: the segment would silently be empty."""
    near = difflib.get_close_matches(channel, USUAL_CHANNELS, n=1, cutoff=SLIP)
    if near and channel not in USUAL_CHANNELS:
        cure = N_("Did you mean '%(near)s'? In quotes it is taken as it is written.")
        raise BadSegmentRule.at(channel, place, cure, near=near[0])
