"""Where a shopper is: the class of channel and of device that a request, or an event of the past, tells.

Classes and not names: trees must not learn a word that one sender happens to use. What nobody told is `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping

CHANNELS = ("unknown", "web", "app", "mini_program", "store", "live", "other")
DEVICES = ("unknown", "desktop", "phone", "tablet")
UNKNOWN = 0
"""Number of the class, and of the context, of which nothing is known."""
_CHANNEL_WORDS = {
    "web": ("web", "www", "site", "shop", "storefront", "desktop", "pc", "网页", "官网"),
    "app": ("app", "ios", "android", "harmony", "客户端"),
    "mini_program": ("mini_program", "miniprogram", "mini", "wechat", "weixin", "h5", "小程序", "微信"),
    "store": ("store", "pos", "offline", "门店", "线下"),
    "live": ("live", "livestream", "直播"),
}
_DEVICE_WORDS = {
    "desktop": ("desktop", "pc", "computer", "laptop", "电脑"),
    "phone": ("phone", "mobile", "smartphone", "手机"),
    "tablet": ("tablet", "pad", "ipad", "平板"),
}


def _numbers(classes: tuple[str, ...], words: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    return {word: classes.index(name) for name, said in words.items() for word in said}


_CHANNEL_OF, _DEVICE_OF = _numbers(CHANNELS, _CHANNEL_WORDS), _numbers(DEVICES, _DEVICE_WORDS)
_OTHER = CHANNELS.index("other")


def context_of(channel: str, device: str) -> int:
    """One number for both classes; 0 where neither is known. A channel of another name is `other`."""
    if not channel and not device:
        return UNKNOWN
    said = _folded(channel)
    place = _CHANNEL_OF.get(said, _OTHER) if said else UNKNOWN
    return place * len(DEVICES) + _DEVICE_OF.get(_folded(device), UNKNOWN)


def classes_of(context: int) -> tuple[int, int]:
    """The numbers of the channel's and the device's class."""
    return divmod(context, len(DEVICES))


def _folded(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")
