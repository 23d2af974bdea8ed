"""What a card says of the methods that a model's lists were chosen among, in words."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_
from zhanggui.recommend.types.learning import TriedMethod

from .shell import Console

LISTS: Mapping[str, str] = {"alike": N_("Taken by the same people"), "together": N_("Comes with it or after it")}
METHODS: Mapping[str, str] = {
    "usual": N_("as without a choice"),
    "ease": N_("linear autoencoder (EASE)"),
    "ease-local": N_("linear autoencoder of near products"),
    "walks": N_("random walks (RP3beta)"),
    "spectral": N_("low-pass filter"),
    "factors": N_("few numbers a product (iALS)"),
    "factors-words": N_("few numbers a product, from its words too (iALS)"),
    "covisit": N_("counts of what comes after"),
    "sequences": N_("linear model of sequences"),
    "sasrec": N_("network that reads in order (SASRec)"),
    "apr": N_("network against an adversary (APR)"),
    "rec-vae": N_("variational autoencoder (RecVAE)"),
    "mult-vae": N_("variational autoencoder (Mult-VAE)"),
}
REASONS: Mapping[str, str] = {
    "adds to the lists": N_("It serves."),
    "serves as before": N_("It serves: nothing was better with all other signals."),
    "gains nothing beside the others": N_("It gains nothing beside the others."),
    "ranks better alone, but not with all other signals": N_(
        "It is better alone, but not together with all other signals."
    ),
    "would take about": N_("There was no time left for it."),
    "MiB; memory_mb": N_("It is too large for the memory."),
    "could not be fitted": N_("It cannot learn from these events."),
    "no product has words": N_("No product has words."),
    "to teach a network": N_("There are too few events, or histories are too short, for a network."),
    "PyTorch is not installed": N_("It needs PyTorch, which is not installed (pip install 'zhanggui[neural]')."),
    "PyTorch cannot be loaded": N_("It needs PyTorch, which is installed but cannot be loaded."),
}
"""Part of what training wrote → what is said of it."""


def method_words(console: Console, one: TriedMethod) -> tuple[str, str, str]:
    """A method as a reader knows it: of which lists and by what, its settings, and why it is in or not."""
    say = console.view._
    reason = next((words for part, words in REASONS.items() if part in one.reason), "")
    named = f"{say(LISTS.get(one.graph, one.graph))}{say(': ')}{say(METHODS.get(one.method, one.method))}"
    settings = ", ".join(f"{path.rpartition('.')[2]} {value:g}" for path, value in one.settings.items())
    return named, settings, say(reason) if reason else one.reason
