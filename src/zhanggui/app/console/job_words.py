"""What background work is called, by kind and state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from zhanggui.kernel.jobs import JobState
from zhanggui.kernel.words import N_

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "shop.import_upload": (N_("Import of a file"), N_("Takes an uploaded file into the shop, or checks it.")),
    "shop.undo_import": (
        N_("Taking back of an import"),
        N_("Takes out what a file brought, and puts back what stood before."),
    ),
    "shop.forget_import_changes": (
        N_("End of what imports changed"),
        N_("Forgets what stood before imports that are over 90 days old."),
    ),
    "shop.archive_events": (N_("Archive of events"), N_("Moves old visits into compact files by day.")),
    "shop.forget_person_events": (N_("Erasure of a person's events"), N_("Takes an erased person out of the history.")),
    "shop.count_visits": (N_("Counting of visits"), N_("Adds up who came and what they looked at.")),
    "shop.index_people": (N_("Search by phone and e-mail"), N_("Keeps by which keyed hash each customer is found.")),
    "trust.brief.look": (N_("Look for the brief"), N_("Sees whether a morning brief is due.")),
    "trust.fairness.look": (N_("Look at fairness"), N_("Counts whether groups of people are served alike.")),
    "trust.fairness.mitigate": (
        N_("Measurement of mitigations"),
        N_("Tries what would make lists fairer, and what each costs in accuracy."),
    ),
    "trust.ethics.check": (N_("Look after the promises"), N_("Runs the check of each clause of the ethics.")),
    "trust.proposals.expire": (N_("Expiry of proposals"), N_("Closes proposals that nobody decided in time.")),
    "recommend.train": (N_("Training of the model"), N_("Learns from the latest events what goes with what.")),
    "audience.train": (
        N_("Training of predictions"),
        N_("Learns from what customers who allow it did what they do next."),
    ),
    "audience.foretell": (
        N_("Prediction of all customers"),
        N_("Foretells what each customer who allows it does next."),
    ),
    "audience.learn": (
        N_("Learned segments"),
        N_("Groups customers by how they shop; groups that are worse leave the present ones serving."),
    ),
    "audience.segments": (N_("Sizes of segments"), N_("Counts how many customers are in each segment today.")),
    "audience.plans": (
        N_("Day of the plans"),
        N_("Judges plans that are over, takes people into those that run, proposes for tiers without one."),
    ),
    "audience.plans.enrol": (N_("Start of a plan"), N_("Takes in whom an approved plan may reach.")),
    "audience.profiles": (N_("Profiles"), N_("Folds what people did into their profiles; who refused loses theirs.")),
    "recommend.labels": (
        N_("Labels earned from behaviour"),
        N_("Counts in the orders which products have earned a label."),
    ),
    "recommend.forget_lists": (
        N_("End of lists for everybody"),
        N_("Deletes files of lists that are over a week old; they name people."),
    ),
    "recommend.trade_off": (
        N_("Cost of variety"),
        N_("Reckons what each step from sales to variety would cost."),
    ),
    "recommend.exposure": (
        N_("What lists showed"),
        N_("Adds up how varied the served lists were, and how narrow people's are."),
    ),
    "recommend.export_lists": (
        N_("Lists for all shoppers"),
        N_("Writes what suits each shopper who agrees to a file."),
    ),
    "trust.persons.clean": (
        N_("Cleaning after an erasure"),
        N_("Takes erased people out of files, texts and the archive, and writes the store anew."),
    ),
    "trust.brief.send": (N_("Morning brief"), N_("Sends the decisions of the day by e-mail and to group robots.")),
    "trust.watch.look": (N_("Watch"), N_("Compares reading, exports, logins, data and models with the days before.")),
    "trust.watch.tell": (N_("Sending of alerts"), N_("Sends alerts to the address that the settings name.")),
    "app.master_key.rewrap": (N_("New master key"), N_("Wraps people's keys by the new master key.")),
    "shop.outbox.send": (N_("Sending"), N_("Sends what was approved to the systems outside.")),
}
"""By kind: its name, and what it does."""

STATES: Final[Mapping[JobState, tuple[str, str]]] = {
    JobState.WAITING: (N_("waiting"), "info"),
    JobState.RUNNING: (N_("running"), "info"),
    JobState.DONE: (N_("done"), "ok"),
    JobState.DEAD: (N_("failed"), "bad"),
    JobState.CANCELLED: (N_("cancelled"), ""),
}
"""By state: its name, and the tone of its badge."""


def kind_name(kind: str, say: Callable[[str], str]) -> str:
    """What a kind of work is called; its code where nobody has named it."""
    return say(KINDS[kind][0]) if kind in KINDS else kind


def every(seconds: int, say: Callable[[str], str]) -> str:
    """How often something comes again: `every hour`, `every 5 minutes`."""
    for size, one, many in (
        (86_400, N_("every day"), N_("every {n} days")),
        (3_600, N_("every hour"), N_("every {n} hours")),
        (60, N_("every minute"), N_("every {n} minutes")),
    ):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return say(one) if count == 1 else say(many).format(n=count)
    return say(N_("every {n} seconds")).format(n=seconds)
