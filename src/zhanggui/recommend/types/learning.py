"""What a card says of the methods that were tried for the lists that serve."""

from __future__ import annotations

import msgspec


class TriedMethod(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One method behind one of the neighbour lists; those with a weight are what serves.

    `graph` is `alike` or `together`; `method` is `usual` for what a shop has without a choice; `quality` is the NDCG@20
    on the last sessions of what the shopper did not have yet, None where the method was not fitted; `weight` is its
    share in the sum; `scale` the size of its weights, by which it is divided; `seconds` those of the processor.
    """

    graph: str
    method: str
    settings: dict[str, float] = {}
    quality: float | None = None
    weight: float = 0.0
    scale: float = 1.0
    seconds: float = 0.0
    reason: str = ""
