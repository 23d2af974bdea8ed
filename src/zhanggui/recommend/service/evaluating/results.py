"""What an evaluation says, line by line; each kind of line is one struct, and `--json` prints them as they come."""

from __future__ import annotations

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="line"):
    """One line of the answer."""


class DataLine(Line, frozen=True, tag="data"):
    """What was read and how it was cut.

    Attributes:
        file: name of the data.
        columns: by role, those that were found.
        protocol: how it was cut.
        order: `time`, `position` or `none`.
        rows: events used.
        left_out: rows not used, by reason.
        people: people in the log.
        products: different products; all of them are ranked.
        trained: events to learn from.
        cases: questions asked.
        targets: products asked for.
        keep_seen: whether products of a history are ranked.
        seed: of ties in lists, learners and intervals.
    """

    file: str
    columns: dict[str, str]
    protocol: str
    order: str
    rows: int
    left_out: dict[str, int]
    people: int
    products: int
    trained: int
    cases: int
    targets: int
    keep_seen: bool
    seed: int


class AuditLine(Line, frozen=True, tag="audit"):
    """One thing looked at before any model ran; see `Finding`."""

    code: str
    level: str
    count: int
    of: int
    words: str


class PlanLine(Line, frozen=True, tag="plan"):
    """Whether a model fits what may be spent, by its own estimate.

    Attributes:
        model: its name.
        seconds: to fit and to answer; None where nobody can say (a model of somebody else's).
        bytes: at the peak of the fit.
        fits: whether it will run.
        reason: why not.
    """

    model: str
    seconds: float | None
    bytes: int | None
    fits: bool
    reason: str = ""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A mean over cases with its 95 % interval over people; None of one person or session, which tells of no other."""

    value: float
    low: float | None
    high: float | None


class GroupFigure(Figure, frozen=True, kw_only=True):
    """A mean over some of the cases or targets, with its interval over the people among them."""

    group: str
    count: int


class ListFigure(Figure, frozen=True, kw_only=True):
    """What all lists together are like, with its 95 % interval over people; None for a figure that has none."""


class TriedMethod(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the card of a model that chooses among methods.

    Attributes:
        name: of the method.
        settings: those that were chosen among, in words where they are no plain values.
        quality: NDCG on validation; None where it was not fitted.
        weight: in the blend, in [0, 1].
        seconds: that fitting and choosing settings took.
        reason: why it is in, or not.
    """

    name: str
    settings: dict[str, str | int | float | bool | None]
    quality: float | None
    weight: float
    seconds: float
    reason: str


class RowLine(Line, frozen=True, tag="row"):
    """One model.

    Attributes:
        model: its name.
        figures: by `measure@k`: hit, recall, ndcg, mrr, precision.
        lists: by `measure@k`: coverage (which has no interval), gini, novelty (bits), diversity.
        by_history: recall by the events of a history, at the largest k.
        by_warmth: share of targets found by the people who wanted them in training, at the largest k; `0` is cold.
        fit_s: seconds to learn, as the clock on the wall has them; 0 for predictions from a file.
        predict_s: seconds to score all cases, without the ranking and the metrics.
        peak_bytes: highest resident memory of the whole process while it ran.
        notes: what a reader should know of it.
        tried: of a model that chooses, the methods that it tried, in their order.
    """

    model: str
    figures: dict[str, Figure]
    lists: dict[str, ListFigure | None]
    by_history: list[GroupFigure]
    by_warmth: list[GroupFigure]
    fit_s: float
    predict_s: float
    peak_bytes: int
    notes: list[str] = []
    tried: list[TriedMethod] = []


class FailedLine(Line, frozen=True, tag="failed"):
    """A model that gave up; the others go on."""

    model: str
    reason: str


class AgainstLine(Line, frozen=True, tag="against"):
    """One model against another on the same people.

    Attributes:
        model: the first.
        other: the second.
        figure: `measure@k`.
        difference: of the means, first less second.
        low: lower end of the 95 % interval.
        high: upper end.
        p_better: share of resampled people among whom the first is better.
        detectable: smallest difference that so many people show four times in five.
    """

    model: str
    other: str
    figure: str
    difference: float
    low: float
    high: float
    p_better: float
    detectable: float
