"""Which calls cross the border, and what the law asks for them.

Law: PIPL art. 38 (security assessment, certification, standard contract, or what a treaty says), art. 39 (telling the
person and their separate consent), art. 40 (thresholds, above which data stays in the country and is assessed), art. 55
(impact assessment before a transfer). Text of the law and of the 2024 provisions on cross-border flows: not read here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

import msgspec

from zhanggui.kernel.egress import EgressUse
from zhanggui.trust.types.egress import Need

HOME = "CN"
KNOWN: Mapping[str, str] = {
    "weixin.qq.com": "CN",
    "smtp.qq.com": "CN",
    "smtp.exmail.qq.com": "CN",
    "smtp.163.com": "CN",
    "smtp.126.com": "CN",
    "oapi.dingtalk.com": "CN",
    "cn-beijing.aliyuncs.com": "CN",
    "cn-hangzhou.aliyuncs.com": "CN",
    "cn-shanghai.aliyuncs.com": "CN",
    "cn-shenzhen.aliyuncs.com": "CN",
    "cn-beijing.volces.com": "CN",
    "dashscope.aliyuncs.com": "CN",
    "api.deepseek.com": "CN",
    "openapi.jushuitan.com": "CN",
    "open.youzanyun.com": "CN",
    "dopen.weimob.com": "CN",
    "open.larksuite.com": "SG",
    "api.openai.com": "US",
    "api.anthropic.com": "US",
    "smtp.gmail.com": "US",
    "localhost": "CN",
}
"""Hosts, with all names under them, of which it is known without asking where their operator takes calls."""


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

    An address of this machine or its own network is at home: nothing leaves it. A name under `.cn` may stand for a
    machine elsewhere: whoever registers it says where it is.
    """
    name = host.casefold()
    if name.endswith(".cn") or _is_own(name):
        return HOME
    labels = name.split(".")
    return next((KNOWN[end] for n in range(len(labels)) if (end := ".".join(labels[n:])) in KNOWN), "")


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


def is_abroad(country: str) -> bool:
    """Whether a call there crosses the border; one to an unknown place does until somebody says where it is."""
    return country != HOME


def keeps_back(use: EgressUse, country: str, contract: str, *, is_personal: bool) -> Need | None:
    """What an entry lacks so much that nothing is sent to its host until somebody says it; None where it may be called.

    A picture's host needs no country: an import names many, and they get the picture's address alone.
    """
    if not country and (is_personal or use is not EgressUse.PICTURES):
        return "say_country"
    return "contract" if is_personal and is_abroad(country) and not contract.strip() else None


_ABROAD: tuple[Need, ...] = ("impact_assessment", "one_of_38", "separate_consent", "thresholds_40", "contract")


def needs(country: str, contract: str, separate: str = "", *, is_personal: bool) -> tuple[Need, ...]:
    """What is still needed, in the order in which one would do it; `separate` names the consent that it rests on."""
    if not country:
        return ("say_country",)
    if country == HOME or not is_personal:
        return ()
    said: dict[Need, bool] = {"separate_consent": bool(separate), "contract": bool(contract)}
    return tuple(need for need in _ABROAD if not said.get(need, False))
