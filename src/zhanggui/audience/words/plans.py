"""Plans per tier in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.audience.types.plans import PlanChannel, PlanOutlet, ShelfPlace, Tier
from zhanggui.kernel.words import N_, catalogue_language, words

TIER_NAMES: Mapping[Tier, str] = {
    "acquire": N_("Win: bought once, lately"),
    "retain": N_("Keep: regular customers"),
    "convert": N_("Convert: look, and have not bought"),
    "win_back": N_("Wake: silent for longer than usual"),
}
MEANINGS: Mapping[Tier, str] = {
    "acquire": N_("A second order is the step at which most are lost: show what others took next."),
    "retain": N_("They come by themselves: seldom a word, and something new."),
    "convert": N_("They know the shop and hesitate: show what others like them bought first."),
    "win_back": N_("They know the shop and stay away: say that there is a reason to look again."),
}
MESSAGES: Mapping[Tier, str] = {
    "acquire": N_("Thank you for your first order. This is what others who began as you did took next."),
    "retain": N_("Good to have you with us. New things have come in that people who come often take."),
    "convert": N_("You have looked around here. This is what others began with; ask us anything you want to know."),
    "win_back": N_("It has been a while. Here is what has come in since; have a look whenever you like."),
}
CHANNEL_NAMES: Mapping[PlanChannel, str] = {
    "app": N_("Message in the app"),
    "wechat": N_("WeChat"),
    "sms": N_("Text message"),
    "email": N_("E-mail"),
}
OUTLET_NAMES: Mapping[PlanOutlet, str] = {
    "by-hand": N_("sent by hand"),
    "file": N_("written to a file"),
    "webhook": N_("handed to the shop's own system"),
}
SHELF_NAMES: Mapping[ShelfPlace, str] = {
    "home": N_("on the first page of those who are reached"),
    "nowhere": N_("nowhere"),
}


def tier_name(tier: Tier, language: str) -> str:
    """What a tier is called."""
    return words(catalogue_language(language)).gettext(TIER_NAMES[tier])


def message(tier: Tier, language: str) -> str:
    """What people of a tier are told, unless somebody writes something else."""
    return words(catalogue_language(language)).gettext(MESSAGES[tier])
