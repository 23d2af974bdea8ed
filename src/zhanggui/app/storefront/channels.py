"""The ways by which a shopper may be written to, and the notice that their yes on these pages is to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhanggui.kernel.privacy import Channel
from zhanggui.kernel.words import N_
from zhanggui.trust.errors import UnknownNotice

from .shell import Storefront

NOTICE = "storefront"
"""The notice that a shopper agrees to here; a shop publishes its versions under this name."""
CHANNELS = {
    Channel.EMAIL: N_("By e-mail"),
    Channel.SMS: N_("By text message"),
    Channel.WECHAT: N_("By WeChat"),
    Channel.PHONE: N_("By phone call"),
    Channel.APP: N_("In the app"),
    Channel.WEB: N_("On this site"),
    Channel.POST: N_("By letter"),
}


def asked_by(store: Storefront) -> dict[str, Any]:
    """What the page needs of channels and of the notice; a shop that published none has none to show."""
    try:
        newest = store.rooms.notices.versions(NOTICE)[-1]
    except UnknownNotice:
        return {"channels": CHANNELS, "ways": _listed(store, CHANNELS), "notice": None}
    language = store.language
    named = {channel: words for channel, words in CHANNELS.items() if not newest.channels or channel in newest.channels}
    return {
        "channels": named,
        "ways": _listed(store, named),
        "notice": newest,
        "notice_text": newest.texts.get(language) or next(iter(newest.texts.values()), ""),
        "notice_changes": newest.changes.get(language) or next(iter(newest.changes.values()), ""),
    }


def _listed(store: Storefront, channels: Mapping[Channel, str]) -> str:
    say = store.view._
    return say(N_(", ")).join(say(words) for words in channels.values())
