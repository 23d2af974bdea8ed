"""How each promise is looked after, in words for whoever must answer for it."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_

CHECK_WORDS: Mapping[str, str] = {
    "prices_know_nobody": N_("No column of the published offers speaks of a person, so no price can depend on one."),
    "refusals_hold": N_("Everybody whose last word was no is asked for again at the door that readers pass."),
    "silence_grants_no_marketing": N_("Somebody who never said a word is asked for at the same door, on each basis."),
    "applied_were_approved": N_("Each change that went out names who decided it, and is what was approved."),
    "nothing_blocked_was_applied": N_("No change that a check blocked is among those that went out."),
    "ledger_verifies": N_("The chain of the ledger is reckoned anew from its first entry to its last."),
    "identifiers_are_sealed": N_("The bytes that stand where names and numbers stand are read: all must be sealed."),
    "erasures_are_in_time": N_("No erasure is under way for longer than fifteen days."),
    "contests_are_in_time": N_("No contest waits beyond the day by which a person answers."),
    "recipients_are_registered": N_(
        "Each host that is sent anything about people has its country and contract on record."
    ),
    "training_was_gated": N_("Each model that serves has a datasheet, and no check on it says stop."),
    "groups_change_nothing": N_("Some shoppers are asked as they are and as somebody of each other group."),
    "nothing_sensitive_is_inferred": N_(
        "Tags and interests of some profiles are held against the list of what is denied."
    ),
    "labels_are_of_goods": N_("No column of the public labels speaks of a person."),
    "answers_have_reasons": N_(
        "Known shoppers and a stranger ask for lists: each reason must rest on an act or on figures."
    ),
    "plain_shop_answers": N_("Somebody unknown asks for a list, and must be given one."),
    "roles_see_what_they_need": N_("No right to look at people belongs to the roles of analysts and auditors."),
}
"""By the name that a clause gives its check."""
