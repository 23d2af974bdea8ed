"""Whoever reads rows about a person names what for: mypy refuses what this walk over the code cannot see."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import zhanggui.app.build  # every table of every room  # noqa: F401
from zhanggui import shop
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty, Purpose
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.history import History
from zhanggui.shop.service.served_lists import ServedLists

SOURCE = Path(shop.__file__).parents[1]
DOOR = SOURCE / "kernel" / "personal.py"
ABOUT_PEOPLE = {"person", "customer", "visitor", "customer_id", "visitor_id"}
NOT_READ_BY_PURPOSE = {
    "ledger_payloads": "the record of what was decided: its scope is ledger:read, and erasure takes a payload",
    "subject_keys": "keys, which say nothing about whom they are for",
}
READERS = {
    shop.Orders: ("order", "orders", "returns", "of_shopper", "sold"),
    shop.People: ("customer", "customers", "customer_of"),
    shop.Words: ("reviews", "questions"),
    Events: ("tail", "arrivals"),
    History: ("history",),
    ServedLists: ("shown", "lists", "entries", "served"),
}
HTTP_MAY_LEAVE_OUT = {"ForPurpose"}
"""The type of a query parameter: over HTTP who leaves it out asks for what serves the shopper."""


@functools.cache
def texts() -> dict[Path, str]:
    return {file: file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py") if "migrations" not in file.parts}


def trees(pattern: str) -> dict[Path, ast.Module]:
    """The files in which a pattern stands at all, read as code: all 80,000 lines would take half a minute."""
    wanted = re.compile(pattern)
    return {file: ast.parse(text) for file, text in texts().items() if wanted.search(text)}


def personal() -> set[str]:
    return {name for name, table in shop_metadata.tables.items() if table.info.get("personal")}


def said(file: Path, node: ast.AST, what: object) -> str:
    return f"{file.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}: {what}"


def is_call_of(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) == name


def test_every_table_with_a_person_in_it_is_personal() -> None:
    about = {name for name, table in shop_metadata.tables.items() if ABOUT_PEOPLE & set(table.columns.keys())}

    assert about - personal() == set(NOT_READ_BY_PURPOSE)
    lines = {"order_lines", "return_lines", "order_allocations", "reviews", "questions", "answerers", "book_entries"}
    assert lines | {"events", "folded_histories", "served_lists", "consents", "preferences"} <= personal()


def test_no_plain_text_reads_a_personal_table() -> None:
    reads = re.compile(rf"\b(?<!DELETE )(?:FROM|JOIN)\s+(?:{'|'.join(sorted(personal()))})\b")
    found = []
    for file, tree in trees(reads.pattern).items():
        inside = set(parts_of_texts(tree))
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if id(node) not in inside and reads.search(text) and not is_prose(text):
                found.append(said(file, node, text[:80]))

    assert found == []


def parts_of_texts(tree: ast.Module) -> Iterator[int]:
    """All within a `PersonalText(...)`, and what the names in it stand for."""
    texts = [node for node in ast.walk(tree) if is_call_of(node, "PersonalText")]
    names = {part.id for text in texts for part in ast.walk(text) if isinstance(part, ast.Name)}
    constants = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id in names for to in node.targets)
    ]
    for constant in constants:
        names |= {part.id for part in ast.walk(constant) if isinstance(part, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id in names for to in node.targets):
            constants.append(node.value)
    return (id(part) for whole in (*texts, *constants) for part in ast.walk(whole))


def is_prose(text: str) -> bool:
    return "SELECT" not in text and "\n" in text


def test_whoever_opens_a_personal_table_names_the_purpose_or_takes_one_from_the_caller() -> None:
    found = []
    for file, tree in trees(r"\.for_\(|PersonalText").items():
        for function, node in calls_within(tree):
            if is_call_of(node, "for_"):
                purpose = node.args[0] if node.args else None
            elif is_call_of(node, "rows") and len(node.args) > 1 and "db" in ast.unparse(node.args[0]):
                purpose = node.args[1]
            else:
                continue
            if not is_purpose(purpose, function):
                found.append(said(file, node, ast.unparse(node)))

    assert found == []


def calls_within(tree: ast.Module) -> Iterator[tuple[set[str], ast.Call]]:
    """Each call with the parameters of the functions that it stands in."""

    def walk(node: ast.AST, taken: set[str]) -> Iterator[tuple[set[str], ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                given = child.args
                yield from walk(child, taken | {one.arg for one in (*given.args, *given.kwonlyargs)})
                continue
            if isinstance(child, ast.Call):
                yield taken, child
            yield from walk(child, taken)

    return walk(tree, set())


def is_purpose(node: ast.expr | None, taken: set[str]) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id in {"Purpose", "Duty"} or (node.value.id == "self" and node.attr == "purpose")
    return isinstance(node, ast.Name) and node.id == "purpose" and node.id in taken


def test_nobody_reaches_behind_the_door() -> None:
    found = [
        said(file, node, ast.unparse(node))
        for file, tree in trees(r"\._table\b").items()
        for node in ast.walk(tree)
        if file != DOOR and isinstance(node, ast.Attribute) and node.attr == "_table"
    ]

    assert found == []


def test_a_purpose_has_no_default() -> None:
    found = []
    for file, tree in trees(r"= (?:Purpose|Duty)\.").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = node.args
                pairs = [*zip(arguments.args[::-1], arguments.defaults[::-1], strict=False)]
                pairs += [
                    (arg, default)
                    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
                    if default
                ]
                for arg, default in pairs:
                    kind = ast.unparse(arg.annotation) if arg.annotation else ""
                    if ast.unparse(default).startswith(("Purpose.", "Duty.")) and kind not in HTTP_MAY_LEAVE_OUT:
                        found.append(said(file, node, f"{node.name}({arg.arg}: {kind} = {ast.unparse(default)})"))

    assert found == []


@pytest.mark.parametrize(("room", "name"), [(room, name) for room, names in READERS.items() for name in names])
def test_public_readers_take_the_purpose_from_their_caller(room: type, name: str) -> None:
    taken = inspect.signature(getattr(room, name)).parameters["purpose"]

    assert taken.default is inspect.Parameter.empty


def test_a_personal_table_is_none_that_can_be_selected_from() -> None:
    table = Personal(sa.Table("people_of_a_test", sa.MetaData(), sa.Column("person", sa.Integer)))

    with pytest.raises(sa.exc.ArgumentError):
        sa.select(table)  # type: ignore[call-overload]
    assert str(sa.select(table.for_(Purpose.SERVICE))) == str(sa.select(table.for_(Duty.RIGHTS)))
