"""Errors of the room `recommend`.

RecommendError
├── NotEnoughEvents     nothing to learn from yet; the shop answers from content and popularity
├── ModelTooLarge       a model that does not fit the memory budget; the present one serves on
├── BrokenModel         files of a model that are not what was written
├── UnknownModel
├── UnknownTraining
├── NotKept             a model that cannot be put back: it serves, was refused, or there is none
├── UnknownPreference
├── UnknownChip         a chip that the product does not have
├── NobodyNamed         neither customer nor visitor given where one is needed
├── BadLog              a file of behaviour, or of predictions, that cannot be read as such
├── UnknownColumn       a column that the file does not have, or none that could be guessed
├── UnknownMethod       no learner has that name
├── MissingExtra        a model that needs a part of the product that is not installed
├── BadModel            a model of somebody else's that cannot be loaded, or answers in another shape
├── BadFilter           a filter that cannot be understood; says at which character, and what may have been meant
├── UnknownValue        a filter names a value that no product has
├── UnknownCategory     no product is in it
├── CannotWrite         the place for a file of lists
├── UnknownSurface      lists are to be written for a place that nobody knows
├── UnknownExport
├── ExportNotReady      its file is not written yet
├── UnknownRule
├── BadRule             a rule whose parts do not go together
├── BadObjectives       aims out of their range, or of which nothing could be learned
├── BadWish             a length of list, a weight or a budget that is none
├── UnusableVectors     vectors of products that cannot be kept; says which row, and why
├── ImportOvertaken     another import of the same vectors began meanwhile
├── UnknownSpace        no vectors of that kind are kept
└── NothingToAsk        a protocol that leaves no case in this log
"""

from __future__ import annotations

from typing import Self

from zhanggui.kernel.errors import Kind, ZhangguiError


class RecommendError(ZhangguiError):
    """Root of this room's errors."""

    code = "recommend.error"


class NotEnoughEvents(RecommendError):
    """There is nothing to learn from yet."""

    code, kind = "recommend.not_enough_events", Kind.CONFLICT


class TrainingStopped(RecommendError):
    """A training set did not pass its gate: nothing was learned, and what was learned before stays in use."""

    code, kind = "recommend.training_stopped", Kind.CONFLICT


class ModelTooLarge(RecommendError):
    """The model does not fit the memory budget."""

    code, kind = "recommend.model_too_large", Kind.TOO_LARGE

    @classmethod
    def than(cls, budget: int, needed: int, products: int) -> Self:
        """Of so many products needs so many MiB."""
        return cls(
            f"A model of {products} products needs {needed} MiB; the budget is {budget} MiB. The present model "
            "serves on.",
            hint=f"Raise it: ZHANGGUI_RECOMMEND__MEMORY_MB={needed + 1}, or memory_mb under [recommend].",
        )


class BrokenModel(RecommendError):
    """The files of a model are not what was written."""

    code, kind = "recommend.broken_model", Kind.UNAVAILABLE


class UnknownModel(RecommendError):
    """No model has that id."""

    code, kind = "recommend.unknown_model", Kind.NOT_FOUND


class UnknownTraining(RecommendError):
    """No training has that id, or it ended more than a week ago."""

    code, kind = "recommend.unknown_training", Kind.NOT_FOUND


class NotKept(RecommendError):
    """The model is none of those that are kept, so it cannot be put back into service."""

    code, kind = "recommend.not_kept", Kind.CONFLICT


class UnknownPreference(RecommendError):
    """No preference has that id."""

    code, kind = "recommend.unknown_preference", Kind.NOT_FOUND


class UnknownChip(RecommendError):
    """The product does not have that chip."""

    code, kind = "recommend.unknown_chip", Kind.INVALID


class NobodyNamed(RecommendError):
    """Neither a customer nor a visitor was named."""

    code, kind = "recommend.nobody_named", Kind.INVALID


class BadLog(RecommendError):
    """The file cannot be read as behaviour or predictions."""

    code, kind = "recommend.bad_log", Kind.INVALID


class UnknownColumn(RecommendError):
    """The file does not have that column."""

    code, kind = "recommend.unknown_column", Kind.INVALID


class UnknownMethod(RecommendError):
    """No learner has that name."""

    code, kind = "recommend.unknown_method", Kind.INVALID


class MissingExtra(RecommendError):
    """The model needs an extra that is not installed."""

    code, kind = "recommend.missing_extra", Kind.UNAVAILABLE


class BadModel(RecommendError):
    """Somebody else's model cannot be loaded, or answers in another shape."""

    code, kind = "recommend.bad_model", Kind.INVALID


class NothingToAsk(RecommendError):
    """The protocol leaves no case in this log."""

    code, kind = "recommend.nothing_to_ask", Kind.INVALID


class BadFilter(RecommendError):
    """The filter cannot be understood."""

    code, kind = "recommend.bad_filter", Kind.INVALID

    @classmethod
    def at(cls, place: int, what: str, hint: str) -> Self:
        """At a character, counted from 1."""
        return cls(f"At character {place} of the filter: {what}.", hint=hint, params={"at": str(place), "what": what})


class UnknownValue(RecommendError):
    """The filter names a value that no product has."""

    code, kind = "recommend.unknown_value", Kind.INVALID


class UnknownCategory(RecommendError):
    """No product is in that category."""

    code, kind = "recommend.unknown_category", Kind.NOT_FOUND


class CannotWrite(RecommendError):
    """The file of an export of lists cannot be written there."""

    code, kind = "recommend.cannot_write", Kind.INVALID


class UnknownSurface(RecommendError):
    """Lists for everybody are asked for a place whose rules of consent and restraint nobody knows."""

    code, kind = "recommend.unknown_surface", Kind.INVALID


class UnknownExport(RecommendError):
    """No export of lists has that id."""

    code, kind = "recommend.unknown_export", Kind.NOT_FOUND


class ExportNotReady(RecommendError):
    """The file of an export of lists is not written yet."""

    code, kind = "recommend.export_not_ready", Kind.CONFLICT


class UnknownRule(RecommendError):
    """No rule has that id."""

    code, kind = "recommend.unknown_rule", Kind.NOT_FOUND


class BadRule(RecommendError):
    """The parts of the rule do not go together."""

    code, kind = "recommend.bad_rule", Kind.INVALID


class FloorNotHeld(RecommendError):
    """Replayed lists stay below a floor of exposure with the rule that should hold it."""

    code, kind = "recommend.floor_not_held", Kind.CONFLICT


class BadObjectives(RecommendError):
    """Objectives that cannot be."""

    code, kind = "recommend.bad_objectives", Kind.INVALID


class BadWish(RecommendError):
    """A length of list, a weight or a budget that is none."""

    code, kind = "recommend.bad_wish", Kind.INVALID


class UnknownLabel(RecommendError):
    """There is no such label, or the product has not earned it."""

    code, kind = "recommend.unknown_label", Kind.NOT_FOUND


class UnusableVectors(RecommendError):
    """Vectors of products that cannot be kept as they are."""

    code, kind = "recommend.unusable_vectors", Kind.INVALID


class ImportOvertaken(RecommendError):
    """Another import of vectors of the same space began meanwhile."""

    code, kind = "recommend.import_overtaken", Kind.CONFLICT


class UnknownSpace(RecommendError):
    """No vectors of that kind are kept."""

    code, kind = "recommend.unknown_space", Kind.NOT_FOUND

    @classmethod
    def of(cls, space: str) -> Self:
        """There is none of that name."""
        return cls(f'The shop keeps no vectors of "{space}".', hint="GET /v1/{shop}/product-vectors lists the spaces.")
