"""Names of tags and stages in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhanggui.audience.types.profiles import Level, Profile, StageCode, TagCode
from zhanggui.kernel.words import N_, catalogue_language, words

TAGS: Mapping[TagCode, str] = {
    "dawn_orders": N_("Orders at dawn"),
    "lunch_orders": N_("Orders at noon"),
    "night_orders": N_("Orders late at night"),
    "weekend_orders": N_("Orders at weekends"),
    "steady_rhythm": N_("Buys at steady intervals"),
    "stocks_up": N_("Stocks up"),
    "big_baskets": N_("Fills the basket"),
    "tries_new": N_("Likes to try something else"),
    "early_bird": N_("Buys what is new in the shop"),
    "keeps_to_favourites": N_("Keeps to favourites"),
    "one_brand": N_("Keeps to one brand"),
    "compares": N_("Compares before buying"),
    "decides_fast": N_("Decides fast"),
    "collects": N_("Collects in the cart"),
    "searches": N_("Goes straight to the search"),
    "lingers": N_("Looks at things for long"),
    "reviews": N_("Likes to write reviews"),
    "asks": N_("Asks before buying"),
    "reads_messages": N_("Reads messages"),
    "leaves_messages": N_("Leaves messages unread"),
    "shares": N_("Likes to share"),
    "follows": N_("Follows"),
}
MEANINGS: Mapping[TagCode, str] = {
    "dawn_orders": N_("%(hits)s of the last %(total)s orders between 5 and 9 in the morning"),
    "lunch_orders": N_("%(hits)s of the last %(total)s orders between 11 and 14"),
    "night_orders": N_("%(hits)s of the last %(total)s orders between 22 and 2 at night"),
    "weekend_orders": N_("%(hits)s of the last %(total)s orders on a Saturday or Sunday"),
    "steady_rhythm": N_("%(hits)s of %(total)s intervals between orders are alike"),
    "stocks_up": N_("%(hits)s of the last %(total)s orders with three pieces or more of one thing"),
    "big_baskets": N_("%(hits)s of the last %(total)s orders with three things or more"),
    "tries_new": N_("%(hits)s of %(total)s things bought had not been bought before"),
    "early_bird": N_("%(hits)s of %(total)s products bought within 30 days of their coming"),
    "keeps_to_favourites": N_("%(hits)s of %(total)s things bought had been bought before"),
    "one_brand": N_("%(hits)s of %(total)s things bought are of %(about)s"),
    "compares": N_("%(hits)s of %(total)s products looked at were not bought"),
    "decides_fast": N_("%(hits)s of %(total)s products bought after one look at most"),
    "collects": N_("%(hits)s of %(total)s products in the cart were not bought"),
    "searches": N_("%(hits)s searches beside looks, %(total)s in all"),
    "lingers": N_("%(hits)s of %(total)s products looked at for 45 seconds or more each time"),
    "reviews": N_("%(hits)s reviews for %(total)s things bought"),
    "asks": N_("%(hits)s questions beside %(total)s orders"),
    "reads_messages": N_("%(hits)s of %(total)s messages opened"),
    "leaves_messages": N_("%(hits)s of %(total)s messages not opened"),
    "shares": N_("Shared things or invited others %(hits)s times"),
    "follows": N_("Followed %(hits)s times"),
}
STAGES: Mapping[StageCode, str] = {
    "new": N_("New customer"),
    "active": N_("Active customer"),
    "loyal": N_("Loyal customer"),
    "at_risk": N_("At risk"),
    "dormant": N_("Dormant"),
    "lost": N_("Lost"),
}
LEVELS: Mapping[Level, str] = {
    "product": N_("Product"),
    "category": N_("Category"),
    "attribute": N_("Trait"),
    "brand": N_("Brand"),
    "price": N_("Price band"),
}


def worded(profile: Profile, language: str) -> Profile:
    """The profile with the names of its tags and its stage: Chinese for `zh…`, else English."""
    said = words(catalogue_language(language)).gettext
    replace = msgspec.structs.replace
    tags = tuple(replace(tag, name=said(TAGS[tag.code])) for tag in profile.tags)
    return replace(profile, tags=tags, stage=replace(profile.stage, name=said(STAGES[profile.stage.code])))


def meaning(code: TagCode, hits: int, total: int, about: str, language: str) -> str:
    """What a tag rests on, in words."""
    said = words(catalogue_language(language)).gettext(MEANINGS[code])
    return said % {"hits": hits, "total": total, "about": about}
