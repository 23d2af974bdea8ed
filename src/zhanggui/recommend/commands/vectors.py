"""Vectors of products on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_json_lines, print_table
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.service.vectors.files import read_vectors
from zhanggui.recommend.types.vectors import VectorSpaceCard, VectorSpaceName


class VectorRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""


OpenVectors = Callable[[str], AbstractContextManager[VectorRooms]]


def vector_commands(open_room: OpenVectors) -> App:
    """`recommend vectors import`, `list` and `remove`."""
    app = App(name="vectors", help="Vectors of products' words and pictures, made elsewhere.")
    _import_command(app, open_room)
    _space_commands(app, open_room)
    return app


def _import_command(app: App, open_room: OpenVectors) -> None:
    """`import`."""

    @app.command(name="import")
    def import_(shop: str, file: Path, *, space: VectorSpaceName, version: str = "1", json: Json = False) -> None:
        """Keep vectors of products: what looks or is described alike is alike from the next answer on.

        Args:
            shop: the shop's name.
            file: Parquet with product_id and vector, or .npz with ids and vectors.
            space: what they were made of.
            version: the model that made them; another one than before drops the old vectors.
        """
        ids, vectors = read_vectors(file)
        with open_room(shop) as rooms:
            done = rooms.recommend.vectors.put(space, version, ids, vectors)
        if json:
            print_json(done)
            return
        print(f"{done.stored} vectors of {done.dimension} values kept; {done.products} products have one now.")
        if done.dropped:
            print(f"{done.dropped} of another version were dropped.")
        if done.unknown:
            print(f"{done.unknown} are of no product of the shop, such as {', '.join(done.unknown_ids)}.")


def _space_commands(app: App, open_room: OpenVectors) -> None:
    """`list` and `remove`."""

    @app.command(name="list")
    def list_(shop: str, *, json: Json = False) -> None:
        """List the spaces that are kept.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            cards = rooms.recommend.vectors.cards()
        if json:
            print_json_lines(cards)
            return
        print_table(("space", "version", "values", "products", "floor", "at", ""), map(_row, cards))

    @app.command
    def remove(shop: str, *, space: VectorSpaceName) -> None:
        """Forget all vectors of a space.

        Args:
            shop: the shop's name.
            space: text or image.
        """
        with open_room(shop) as rooms:
            print_json(rooms.recommend.vectors.remove(space))


def _row(one: VectorSpaceCard) -> tuple[object, ...]:
    state = "" if one.is_finished else "not all stored yet"
    return one.space, one.version, one.dimension, one.products, f"{one.floor:.3f}", one.at, state
