"""Reads a filter. Words bind as one says them: `not` before `and` before `or`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhanggui.kernel.errors import did_you_mean, quoted
from zhanggui.recommend.errors import BadFilter

from .fields import ACTS, COUNTS, FIELDS, MEASURES, SIGNS, SPANS, STATES, TRAITS, UNITS_MS, WORDS
from .lexer import Token, tokens_of
from .syntax import Acted, Counted, Every, Holds, Marked, Measured, Node, Not, Said, Some, Word

MOST_TESTS, DEEPEST = 100, 20
SPAN_HINT = "Say it with a unit: 30d, 12h or 2w."


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood.

    Attributes:
        text: as it was written.
        node: what it means.
        tests: every test in it, from left to right.
        asks: those that all products answer alike.
        reads_shopper: whether it asks what the shopper did with a product.
    """

    text: str
    node: Node
    tests: tuple[Node, ...]
    asks: tuple[Counted | Said | Holds, ...]
    reads_shopper: bool

    @property
    def values(self) -> Iterator[Marked]:
        """The tests that name values of products."""
        return (test for test in self.tests if isinstance(test, Marked))


def parse(text: str) -> Filter:
    """Read a filter.

    Raises:
        BadFilter: it cannot be understood; says where, what was seen, and what may have been meant.
    """
    node = _Parser(tokens_of(text)).whole()
    tests = tuple(_tests(node))
    asks = tuple(test for test in tests if isinstance(test, (Counted, Said, Holds)) and test != Holds("for_sale"))
    return Filter(text, node, tests, asks, any(isinstance(test, Acted) for test in tests))


def _tests(node: Node) -> Iterator[Node]:
    if isinstance(node, Not):
        yield from _tests(node.part)
    elif isinstance(node, (Every, Some)):
        for part in node.parts:
            yield from _tests(part)
    else:
        yield node


class _Parser:
    """Takes tokens one by one; each method takes exactly what it reads."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._place = tokens, 0
        self._depth = self._tests = 0

    def whole(self) -> Node:
        node = self._any()
        if self._seen.kind != "end":
            raise self._unexpected("`and`, `or`, or the end")
        return node

    @property
    def _seen(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._seen
        self._place += token.kind != "end"
        return token

    def _takes(self, text: str) -> bool:
        """Whether the next token is this word or sign; then it is taken."""
        is_it = self._seen.kind in {"word", "sign"} and self._seen.text.lower() == text
        self._place += is_it
        return is_it

    def _unexpected(self, wanted: str, hint: str = "") -> BadFilter:
        seen = self._seen
        what = "the filter ends here" if seen.kind == "end" else f"{quoted(seen.text)} stands here"
        return BadFilter.at(seen.at, f"{what}; expected is {wanted}", hint)

    def _any(self) -> Node:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFilter.at(self._seen.at, f"parts stand within parts more than {DEEPEST} deep", "Say it flatter.")
        if self._takes("not"):
            node: Node = Not(self._one())
        elif self._takes("("):
            node = self._any()
            if not self._takes(")"):
                raise self._unexpected("`)`, `and` or `or`")
        else:
            node = self._test()
        self._depth -= 1
        return node

    def _test(self) -> Node:
        self._tests += 1
        if self._tests > MOST_TESTS:
            raise BadFilter.at(self._seen.at, f"a filter has at most {MOST_TESTS} tests", "Say it in two rules.")
        if self._seen.kind != "word":
            raise self._unexpected("the name of a field", f"Fields are: {', '.join(FIELDS)}.")
        token = self._take()
        name = token.text.lower()
        if name in MEASURES | COUNTS:
            return self._measured(name)
        if name in TRAITS:
            return self._marked(name)
        if name in WORDS:
            is_not, _, words = self._words(name, frozenset({"=", "!=", "in"}))
            return Not(Said(name, words)) if is_not else Said(name, words)
        if name in ACTS:
            return Acted(name, self._span("within") if self._takes("within") else None)
        if name in STATES:
            return Holds(name)
        hint = did_you_mean(name, FIELDS, otherwise=f"Fields are: {', '.join(FIELDS)}.")
        raise BadFilter.at(token.at, f"there is no field {quoted(token.text)}", hint)

    def _measured(self, name: str) -> Node:
        if self._seen.text not in SIGNS:
            raise self._unexpected(f"a comparison after {name}: {' '.join(sorted(SIGNS))}")
        sign = self._take().text
        number: float = self._span(sign) if name in SPANS else self._number(name)
        return Counted(name, sign, number) if name in COUNTS else Measured(name, sign, number)

    def _marked(self, name: str) -> Node:
        is_not, how, words = self._words(name, TRAITS[name])
        node = Marked(name, _trait(name, how), words) if how == "under" or name != "category" else _categories(words)
        return Not(node) if is_not else node

    def _words(self, name: str, may: frozenset[str]) -> tuple[bool, str, tuple[Word, ...]]:
        """(whether the opposite is meant, how it is asked, the values)."""
        is_not = self._takes("not")
        token = self._seen
        how = token.text.lower()
        wanted = f"one of {', '.join(sorted(may))} after {name}"
        if how not in may or (is_not and how in SIGNS):
            raise self._unexpected(wanted, did_you_mean(how, may))
        self._take()
        return is_not or how == "!=", how, self._list() if self._seen.text == "(" else (self._word(),)

    def _list(self) -> tuple[Word, ...]:
        self._take()
        words = [self._word()]
        while self._takes(","):
            words.append(self._word())
        if not self._takes(")"):
            raise self._unexpected("`,` or `)`")
        return tuple(words)

    def _word(self) -> Word:
        if self._seen.kind != "quoted":
            hint = f'Put it in quotes: "{self._seen.text}".' if self._seen.kind in {"word", "number"} else ""
            raise self._unexpected("a word in quotes", hint)
        token = self._take()
        if not token.text.strip():
            raise BadFilter.at(token.at, "the quotes are empty", "Name what is meant.")
        return Word(token.text, token.at)

    def _number(self, name: str) -> float:
        if self._seen.kind != "number":
            raise self._unexpected(
                "a number", "In minor units, fen or cents: 200 yuan is 20000." * (name[:5] == "price")
            )
        token = self._take()
        if token.unit:
            raise BadFilter.at(token.at, f"{name} takes a bare number, not {quoted(token.text + token.unit)}", "")
        return float(token.text.replace("_", ""))

    def _span(self, after: str) -> int:
        if self._seen.kind != "number":
            raise self._unexpected(f"a span of time after {after}", SPAN_HINT)
        token = self._take()
        if token.unit not in UNITS_MS:
            raise BadFilter.at(token.at, f"{quoted(token.text + token.unit)} is no span of time", SPAN_HINT)
        return int(min(float(token.text.replace("_", "")), 1e6) * UNITS_MS[token.unit])


def _trait(name: str, how: str) -> str:
    return "under" if how == "under" else name


def _categories(words: tuple[Word, ...]) -> Node:
    """A category is named by its path or by its last part."""
    paths = tuple(word for word in words if "/" in word.text)
    leaves = tuple(word for word in words if "/" not in word.text)
    found = [Marked("category", trait, some) for trait, some in (("path", paths), ("leaf", leaves)) if some]
    return found[0] if len(found) == 1 else Some(tuple(found))
