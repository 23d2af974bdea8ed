"""From a state to a profile: everything that is told of a shopper, in one pure function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from zhanggui.audience.engines.denied import is_unsaid
from zhanggui.audience.types.profiles import Profile, Share
from zhanggui.kernel.clock import from_ms

from .decay import interest
from .folding import QUIET, LocalHour
from .goods import GoodOf
from .interests import LEAST, interests, liked
from .places import four
from .standing import Fifths, channels, rfm, rhythm, stage
from .state import State
from .tagging import Seen, tags
from .taste import Floats, taste


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What a profile rests on beside the state.

    Attributes:
        good_of: the catalogue.
        local_hour: the shop's clock.
        now_ms: the moment.
        order_ids: the ids of the subject's orders, by moment.
        reviews, questions: how many the subject wrote.
        is_social: whether shares, follows and invites may be told: with express consent alone.
        fifths: of the shop's customers.
        factors: what the shopper said of interests, by key.
        hidden: codes of tags that the shopper muted or removed.
        language: the one that the customer's own row names.
        vector_of: vectors of products, for the taste; None where nobody asked for it.
    """

    good_of: GoodOf
    local_hour: LocalHour
    now_ms: int
    order_ids: Mapping[int, str] = {}
    reviews: int = 0
    questions: int = 0
    is_social: bool = False
    fifths: Fifths = Fifths()
    factors: Mapping[str, float] = {}
    hidden: Collection[str] = ()
    language: str | None = None
    vector_of: Callable[[int], Floats | None] | None = None


def portrait(state: State, beside: Beside) -> Profile:
    """The profile of a state, without the ids of whose it is and without words in a language."""
    now_ms = beside.now_ms
    among = liked(state.things, beside.good_of, now_ms, is_social=beside.is_social)
    likes, avoids = interests(among, state.marks, beside.order_ids, beside.factors)
    seen = Seen(
        state=state,
        among=among,
        order_ids=beside.order_ids,
        reviews=beside.reviews,
        questions=beside.questions,
        is_social=beside.is_social,
    )
    return Profile(
        customer_id=None,
        visitor_id=None,
        seen_seq=state.seq,
        acts=sum(state.counts) - sum([state.counts[kind] for kind in QUIET]),
        first_seen=from_ms(state.first_ms) if state.first_ms else None,
        last_seen=from_ms(state.last_ms) if state.last_ms else None,
        stage=stage(state, now_ms),
        rfm=rfm(state, now_ms, beside.fifths),
        rhythm=rhythm(state),
        interests=likes,
        avoided=avoids,
        searches=_searches(state, now_ms),
        channels=channels(state),
        language=beside.language,
        tags=tuple(tag for tag in tags(seen, beside.local_hour) if tag.code not in beside.hidden),
        taste=() if beside.vector_of is None else taste(among, beside.vector_of),
    )


def _searches(state: State, now_ms: int) -> tuple[Share, ...]:
    """What was searched for, the freshest first; asked again here, for the list of what is denied may have grown."""
    scale = interest(now_ms)
    held = [one for one in state.searches if one.weight / scale > LEAST and not is_unsaid(one.words)]
    total = sum(one.weight for one in held)
    ranked = sorted(held, key=lambda one: (-one.weight, one.words))
    return tuple(Share(one.words, four(one.weight / total)) for one in ranked)
