from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.app.http.hostile import NotText, TooDeep, depth_over, refuse_hostile_body, refuse_hostile_target
from zhanggui.kernel.errors import TooLarge

JSON = st.recursive(
    st.none() | st.integers() | st.text(alphabet='[]{}"\\a', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[]{}"\\a', max_size=4), inner, max_size=3)
    ),
    max_leaves=20,
)


def depth(value: object) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(JSON, st.integers(1, 6))
def test_depth_is_counted_as_a_parser_would(value: object, limit: int) -> None:
    assert depth_over(json.dumps(value).encode(), limit) == (depth(value) > limit)


@pytest.mark.parametrize("body", [b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000, b'{"a":' * 50 + b"1" + b"}" * 50])
def test_deep_json_is_refused(body: bytes) -> None:
    with pytest.raises(TooDeep):
        refuse_hostile_body(body)


def test_an_escaped_nul_is_refused_and_an_escaped_backslash_before_u0000_is_not() -> None:
    refuse_hostile_body(b'{"a": "\\\\u0000"}')
    with pytest.raises(NotText):
        refuse_hostile_body(b'{"a": "x\\u0000"}')


def test_addresses_that_are_no_text_or_too_long_are_refused() -> None:
    refuse_hostile_target("/v1/teahouse/products/龙井", b"q=%E9%BE%99%E4%BA%95")
    for path, query in [("/a\x00", b""), ("/", b"q=%00"), ("/", b"q=%ff")]:
        with pytest.raises(NotText):
            refuse_hostile_target(path, query)
    with pytest.raises(TooLarge):
        refuse_hostile_target("/" + "x" * 5000, b"")
