"""Tags alone, for who arranges goods by them, are those of the profile."""

from __future__ import annotations

from hypothesis import given, settings
from tests.audience.profiles.logs import NOW_MS, SHANGHAI, UNHURRIED, a_shelf, an_act, logs

from zhanggui.audience.engines.profile.folding import Act, fold
from zhanggui.audience.engines.profile.portrait import Beside, portrait
from zhanggui.audience.engines.profile.state import State
from zhanggui.audience.engines.profile.tagging import goods_tags

SHELF = a_shelf(("龙井", "茶", "大益"), ("杯子", "器", "景德"), ("降压药", "药品", "同仁"), ("瓜子", "零食", "大益"))
OF_HOURS = {"dawn_orders", "lunch_orders", "night_orders", "weekend_orders"}
OF_WORDS = {"reviews", "asks", "reads_messages", "leaves_messages", "shares", "follows"}
BOUGHT = [an_act(n, "purchase", 1 + n % 2, NOW_MS - n * 86_400_000, quantity=4) for n in range(1, 9)]


@settings(max_examples=40, suppress_health_check=UNHURRIED)
@given(logs(products=4))
def test_tags_of_goods_are_the_profiles_own(log: list[Act]) -> None:
    state = fold(State(), [*BOUGHT, *log], SHANGHAI)
    told = portrait(state, Beside(good_of=SHELF, local_hour=SHANGHAI, now_ms=NOW_MS)).tags

    bare = goods_tags(state, SHELF)

    expected = [tag for tag in told if tag.code not in OF_HOURS | OF_WORDS]
    assert [(tag.code, tag.strength, tag.about) for tag in bare] == [
        (tag.code, tag.strength, tag.about) for tag in expected
    ]


def test_whoever_stocks_up_has_a_tag_about_goods() -> None:
    state = fold(State(), BOUGHT, SHANGHAI)

    assert "stocks_up" in [tag.code for tag in goods_tags(state, SHELF)]
