"""Which calls cross the border, and what the law asks for them.

Law: PIPL art. 38 (security assessment, certification, standard contract, or what a treaty says), art. 39 (telling the
person and their separate consent), art. 40 (thresholds, above which data stays in the country and is assessed), art. 55
(impact assessment before a transfer). Text of the law and of the 2024 provisions on cross-border flows: not read here.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhanggui.kernel.egress import EgressUse
from zhanggui.trust.types.egress import Need

HOME = "CN"
KNOWN: Mapping[str, str] = {
    "qyapi.weixin.qq.com": "CN",
    "open.feishu.cn": "CN",
    "oapi.dingtalk.com": "CN",
    "open.larksuite.com": "SG",
    "127.0.0.1": "CN",
    "localhost": "CN",
    "::1": "CN",
}
"""Hosts whose country is known without asking: the robots' own, and this machine."""


class Sent(msgspec.Struct, frozen=True):
    """What calls of one use send, and why; the words are English msgids."""

    purpose: str
    fields: tuple[str, ...]
    is_personal: bool = False


SENT: Mapping[EgressUse, Sent] = {
    EgressUse.OUTBOX: Sent(
        "approved changes are applied in the merchant's own systems",
        ("products", "prices", "texts of products", "ids of customers whom an approved plan reaches"),
        is_personal=True,
    ),
    EgressUse.BRIEF_EMAIL: Sent(
        "the morning brief for the shop's own people", ("addresses of the team", "titles of decisions", "amounts")
    ),
    EgressUse.BRIEF_ROBOT: Sent("the morning brief in the team's chat", ("titles of decisions", "amounts")),
    EgressUse.PICTURES: Sent("pictures of products that an import names", ("address of the picture",)),
    EgressUse.KMS: Sent("wrapping the master key", ("the wrapped master key",)),
    EgressUse.ALERTS: Sent("alerts for whoever runs the shop", ("kind of the alert", "counts")),
    EgressUse.LLM: Sent(
        "texts that a language model writes or reads",
        ("facts of products", "texts with personal data taken out"),
        is_personal=True,
    ),
}


def country_of(host: str) -> str:
    """The country of a host that is known, or whose name says it (`.cn`); empty otherwise.

    A name under `.cn` may stand for a machine elsewhere: whoever registers it says where it is.
    """
    name = host.casefold()
    return KNOWN.get(name) or (HOME if name.endswith(".cn") else "")


def is_abroad(country: str) -> bool:
    """Whether a call there crosses the border; one to an unknown place does until somebody says where it is."""
    return country != HOME


def needs(country: str, contract: str, *, is_personal: bool) -> tuple[Need, ...]:
    """What is still needed, in the order in which one would do it."""
    if not country:
        return ("say_country",)
    if country == HOME or not is_personal:
        return ()
    wanted: tuple[Need, ...] = ("impact_assessment", "one_of_38", "separate_consent", "thresholds_40")
    return wanted if contract else (*wanted, "contract")
