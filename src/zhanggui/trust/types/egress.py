"""Hosts outside of the shop's own machines: what each gets, why, and where it is."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.egress import EgressUse

HostName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,253}[A-Za-z0-9])?$(?!\n)")]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
Words = Annotated[str, msgspec.Meta(max_length=512)]
Source = Literal["settings", "import", "person"]
Need = Literal["say_country", "impact_assessment", "one_of_38", "separate_consent", "thresholds_40", "contract"]


class RegisterHost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is said of a host when it is registered.

    Attributes:
        use: what calls to it are for.
        country: ISO 3166-1 alpha-2. Hong Kong, Macao and Taiwan count as across the border (PIPL ch. III).
        contract: what binds the receiver: number or place of the agreement.
        purpose: why; as the use says where it is empty.
        fields: what is sent; as the use says where it is empty.
        is_personal: whether anything about people is among them; as the use says where it is None.
        separate: name of the separate consent that it rests on (PIPL art. 23, 39): only the data of those whose yes
            holds go there. Empty: it rests on something else, such as a processor's contract (art. 21).
    """

    host: HostName
    use: EgressUse
    country: Country
    contract: Words = ""
    purpose: Words = ""
    fields: tuple[Words, ...] = ()
    is_personal: bool | None = None
    separate: Annotated[str, msgspec.Meta(max_length=64)] = ""


class EgressHost(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the register.

    Attributes:
        country: empty where nobody has said it: it counts as across the border until then.
        source: a setting names the host, an import did, or a person registered it.
        is_abroad: a call to it is a transfer across the border.
        may_be_called: whether the entry says enough; until it does, calls fail and nothing is sent.
        separate: the separate consent whose givers' data alone go there; empty where it rests on something else.
        needs: what the law asks before personal data may go there, as far as the entry does not say it.
        at_ms: when it was registered; 0 while only a setting names it and nothing was sent yet.
    """

    host: str
    use: EgressUse
    purpose: str
    fields: tuple[str, ...]
    is_personal: bool
    country: str
    contract: str
    separate: str
    source: Source
    is_abroad: bool
    may_be_called: bool
    needs: tuple[Need, ...]
    by: str
    at_ms: int


class Configured(msgspec.Struct, frozen=True):
    """A host that a setting or a secret of the installation names."""

    host: str
    use: EgressUse
