"""A brief that is longer than a team chat takes is cut in its words: links stay whole, the first decisions stay."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from zhanggui.app.briefs.robots import FORMS, LARGEST_BODY, LARGEST_WECOM
from zhanggui.app.briefs.wording import Item, Message

AGE = "最新订单 5月2日 08:40。"


def a_message(chars: int) -> Message:
    """Three decisions about goods with names of some length."""
    items = tuple(
        Item(f"{n}{'茶' * chars}", "预计 +¥820", f"https://shop.example/console/tea/inbox/{n}") for n in range(3)
    )
    return Message(
        "今天要决定的", items, "还有 4 件待决定", "最新订单 5月2日 08:40。", "去看看", "https://shop.example/console"
    )


@pytest.mark.parametrize(("name", "chars"), [("wecom", 600), ("wecom", 9_000), ("feishu", 9_000), ("dingtalk", 9_000)])
def test_a_message_over_the_bounds_is_cut_in_its_words_and_keeps_every_link_whole(name: str, chars: int) -> None:
    posted = FORMS[name]("https://chat.example/hook", None, a_message(chars), 0).body

    sent = msgspec.json.encode(posted)
    assert len(sent) <= LARGEST_BODY
    told = posted["markdown"]["content"] if name == "wecom" else sent.decode()
    assert len(told.encode()) <= (LARGEST_WECOM if name == "wecom" else LARGEST_BODY)
    assert [f"/inbox/{n}" in told for n in range(3)] == [True] * 3
    assert told.count("…") == 3
    assert AGE in told
    if name != "feishu":
        assert told.count("](https://shop.example/console/tea/inbox/") == 3
        assert told.count("](https://shop.example/console)") == 1


@pytest.mark.parametrize("name", ["wecom", "feishu", "dingtalk"])
def test_a_message_within_the_bounds_is_left_as_it_is(name: str) -> None:
    told = msgspec.json.encode(FORMS[name]("https://chat.example/hook", None, a_message(100), 0).body).decode()

    assert told.count("茶" * 100) == 3
    assert "…" not in told


def test_of_decisions_that_do_not_fit_the_first_ones_stay() -> None:
    far = replace(a_message(10), items=tuple(Item(f"{n}", "", "https://x/" + "a" * 900) for n in range(9)))

    content = FORMS["wecom"]("https://chat.example/hook", None, far, 0).body["markdown"]["content"]

    assert [f"{n}. [" in content for n in range(1, 10)] == [True] * 4 + [False] * 5
    assert len(content.encode()) <= LARGEST_WECOM
