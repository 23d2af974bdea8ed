"""The vocabulary of the simulated shop, read from goods.toml and sentences.toml beside this file."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import NamedTuple

import msgspec

HERE = Path(__file__).parent


class Pair(NamedTuple):
    """A word in Chinese and in English."""

    zh: str
    en: str


class ShelfWords(msgspec.Struct, frozen=True):
    """A shelf as goods.toml writes it."""

    key: str
    category: tuple[str, ...]
    nouns: tuple[str, ...]
    lead: tuple[str, ...]
    tail: tuple[str, ...]
    keywords: tuple[str, ...]
    attributes: tuple[str, ...]
    options: dict[str, tuple[str, ...]]
    price: tuple[float, float]
    cycle_days: float
    return_rate: float
    season: tuple[int, ...]
    shape: str
    colours: tuple[str, ...]


class Goods(msgspec.Struct, frozen=True):
    """goods.toml."""

    brands: tuple[str, ...]
    sellers: tuple[str, ...]
    styles: tuple[str, ...]
    provinces: tuple[str, ...]  # the most populous first
    shelf: tuple[ShelfWords, ...]


class Sentences(msgspec.Struct, frozen=True):
    """sentences.toml: what people write. `{noun}` is the product's name in short."""

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    good: dict[str, tuple[str, ...]]
    bad: dict[str, tuple[str, ...]]
    fake_praise: tuple[str, ...]
    fake_slander: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    return_reasons: tuple[str, ...]
    talks: tuple[Talk, ...]
    surnames: str
    given: str


class Talk(msgspec.Struct, frozen=True):
    """A conversation with customer service: who says what in turn, the customer first."""

    intent: str
    lines: tuple[str, ...]


def pair(text: str) -> Pair:
    """`绿茶|green tea` as a pair."""
    zh, en = text.split("|")
    return Pair(zh, en)


def attribute(text: str) -> tuple[Pair, list[Pair]]:
    """`产地|Origin=浙江|Zhejiang,安徽|Anhui`: the name and its values."""
    name, values = text.split("=")
    return pair(name), [pair(value) for value in values.split(",")]


@functools.cache
def goods() -> Goods:
    """What is sold."""
    return msgspec.toml.decode((HERE / "goods.toml").read_bytes(), type=Goods)


@functools.cache
def sentences() -> Sentences:
    """What is written."""
    return msgspec.toml.decode((HERE / "sentences.toml").read_bytes(), type=Sentences)


@functools.cache
def shapes() -> dict[str, tuple[str, ...]]:
    """What pictures are drawn of: strokes by the name of a shape."""
    return msgspec.toml.decode((HERE / "shapes.toml").read_bytes(), type=dict[str, tuple[str, ...]])


@functools.cache
def generator_hash() -> str:
    """16 hex digits over this package's code and vocabulary: it stands beside every figure that a simulation gave."""
    digest = hashlib.sha256()
    for path in sorted(HERE.iterdir()):
        if path.suffix in {".py", ".toml"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
