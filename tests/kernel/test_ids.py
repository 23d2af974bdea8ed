"""Ids and notations end where they end: a last newline is not part of any of them."""

from __future__ import annotations

import msgspec
import pytest

from zhanggui.app.site import create_app  # brings in the structs of every room  # noqa: F401
from zhanggui.kernel.ids import MerchantId, Ulid
from zhanggui.kernel.notations import Currency, ExactDecimal, Language


@pytest.mark.parametrize(
    ("type_", "good"),
    [
        (MerchantId, "龙井 250g/袋"),
        (Ulid, "01M7Z2TJ0PAGKVSAEH1XRRH70G"),
        (Language, "zh-Hant"),
        (Currency, "CNY"),
        (ExactDecimal, "-12.50"),
    ],
)
def test_a_last_newline_is_refused(type_: object, good: str) -> None:
    assert msgspec.convert(good, type_) == good
    for bad in (good + "\n", "\n" + good, good + "\x00", ""):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(bad, type_)


def structs_below(root: type[msgspec.Struct] = msgspec.Struct) -> list[type[msgspec.Struct]]:
    here = [each for each in root.__subclasses__() if each.__module__.startswith(("zhanggui", "msgspec"))]
    return [found for each in here for found in (each, *structs_below(each))]


def patterns_of(kind: object) -> set[str]:
    """Every pattern in a type, however deep; other structs are looked at by themselves."""
    if isinstance(kind, msgspec.inspect.StrType):
        return {kind.pattern} if kind.pattern else set()
    if isinstance(kind, msgspec.inspect.StructType) or not isinstance(kind, msgspec.inspect.Type):
        return set()
    parts = [getattr(kind, name) for name in kind.__struct_fields__]
    flat = [part for each in parts for part in (each if isinstance(each, tuple) else (each,))]
    return {pattern for part in flat for pattern in patterns_of(part)}


def test_no_pattern_of_any_struct_lets_a_last_newline_through() -> None:
    loose = {
        (struct.__qualname__, field.name, pattern)
        for struct in structs_below()
        if struct.__module__.startswith("zhanggui") and not getattr(struct, "__parameters__", ())
        for field in msgspec.inspect.type_info(struct).fields  # type: ignore[attr-defined]
        for pattern in patterns_of(field.type)
        if pattern.endswith("$") and pattern != r"^[^\x00]*$"  # free text may end in one
    }

    assert loose == set()
