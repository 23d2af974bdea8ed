"""What trees look at, by name: what the first stage says, the product, the shopper's behaviour, and the moment.

Nothing here says who somebody is: no gender, no age band, no region, no segment. All that is known of a shopper is what
they did in this shop, and of that only what `Shoppers` lets through; what is foreseen of them rests on that alone.
"""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.engines.blend import ALIKE_TRENDING, FEATURES

OF_BLEND = tuple(name for n, name in enumerate(FEATURES) if n != ALIKE_TRENDING)
"""Features of the first stage; a product of two of them is left out, for trees multiply by themselves."""
FROM = np.array([FEATURES.index(name) for name in OF_BLEND], dtype=np.int64)
OF_PRODUCT = (
    "first_stage",  # the score of the sum
    "age",  # log days since the product was first met
    "price",  # log; 0 for unknown
    "price_gap",  # log price less the usual log price of what the shopper did something with
    "price_distance",  # the same without its sign
    "hour_fit",  # how much more than others it is wanted at this time of day
    "weekday_fit",
    "season_fit",
    "category_share",  # of what the shopper did, by weight
    "own_interest",  # how much the shopper's own acts with this very product say
    "own_interest_lately",
    "stock",  # log of what was available at the time; 0 for unknown or uncounted
    "channel_fit",  # how much more than others it is wanted in this class of channel; 0 where that is unknown
    "device_fit",
)
OF_SHOPPER = ("events", "purchases", "tenure", "idle", "new_share")
"""Behaviour only: how much, since when, how long ago the last time, and the share that was new in the shop then."""
OF_PROFILE = ("foreseen_value", "still_buying", "price_level")
"""What `ports.Profiles` foresees of a shopper who allows it, from their behaviour; 0 for unknown."""
OF_MOMENT = ("hour", "weekday", "month", "channel", "device")
COLUMNS = (*OF_BLEND, *OF_PRODUCT, *OF_SHOPPER, *OF_PROFILE, *OF_MOMENT)
N_BLEND, N_COLUMNS = len(OF_BLEND), len(COLUMNS)
(
    FIRST_STAGE, AGE, PRICE, PRICE_GAP, PRICE_DISTANCE, HOUR_FIT, WEEKDAY_FIT, SEASON_FIT,
    CATEGORY_SHARE, OWN_INTEREST, OWN_INTEREST_LATELY, STOCK, CHANNEL_FIT, DEVICE_FIT,
    EVENTS, PURCHASES, TENURE, IDLE, NEW_SHARE,
    FORESEEN_VALUE, STILL_BUYING, PRICE_LEVEL,
    HOUR, WEEKDAY, MONTH, CHANNEL, DEVICE,
) = range(N_BLEND, N_COLUMNS)  # fmt: skip
"""Columns of `COLUMNS` behind those of the blend; the compiled loops only take numbers. A test holds both together."""
RISING_WITH = frozenset({"alike", "together", "content", "first_stage", "own_interest", "own_interest_lately"})
"""More of these never lowers a product: so a dismissal never raises what is like the dismissed one."""
CONSTRAINTS = tuple(int(name in RISING_WITH) for name in COLUMNS)
