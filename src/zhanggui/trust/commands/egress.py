"""The egress register on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.types.egress import EgressHost, RegisterHost

OpenRegister = Callable[[str], AbstractContextManager[EgressRegister]]
Words = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]
NEEDS = {
    "say_country": "say in which country it is; until then it counts as across the border",
    "impact_assessment": "an impact assessment before the transfer (PIPL art. 55): zhanggui assess SHOP",
    "one_of_38": "security assessment, certification or standard contract (PIPL art. 38)",
    "separate_consent": "telling each person, and their separate consent (PIPL art. 39): --separate NAME",
    "thresholds_40": "a look at the thresholds above which data stays in the country (PIPL art. 40)",
    "contract": "a contract that binds the receiver: --contract",
}


def egress_commands(open_register: OpenRegister) -> App:
    """`egress list`, `add` and `remove`."""
    app = App(name="egress", help="Which outside hosts the shop calls, what each gets, and where it is.")
    _list_command(app, open_register)
    _add_command(app, open_register)
    _remove_command(app, open_register)
    return app


def _list_command(app: App, open_register: OpenRegister) -> None:
    @app.command(name="list")
    def list_(shop: str, *, json: Json = False) -> None:
        """List the hosts that may be called; calls to others fail."""
        with open_register(shop) as register:
            hosts = register.hosts()
        if json:
            print_json(hosts)
            return
        columns = ("host", "use", "country", "personal", "contract", "named by", "fields", "purpose")
        print_table(columns, ((*_row(one), ", ".join(one.fields), one.purpose) for one in hosts))
        _print_needs(hosts)


def _add_command(app: App, open_register: OpenRegister) -> None:
    @app.command
    def add(
        shop: str,
        host: str,
        *,
        use: EgressUse,
        country: str,
        contract: str = "",
        separate: str = "",
        purpose: str = "",
        fields: Words = (),
        personal: Annotated[bool | None, Parameter(negative="--not-personal")] = None,
    ) -> None:
        """Register a host for a use, or say anew what it gets.

        Args:
            shop: the shop's name.
            host: its name, without a port.
            use: what calls to it are for.
            country: where it is: two letters, CN for the mainland.
            contract: what binds the receiver.
            separate: the separate consent that it rests on; only the data of those who gave it go there.
            purpose: why, where the use does not say it all.
            fields: what is sent, where the use does not say it all.
            personal: whether anything about people is among it; as the use says without.
        """
        asked = {"host": host, "use": use, "country": country.upper(), "contract": contract, "purpose": purpose}
        asked["separate"] = separate
        try:
            wanted = msgspec.convert(asked | {"fields": fields, "is_personal": personal}, RegisterHost)
        except msgspec.ValidationError as error:
            hint = "Hosts are written api.example.cn, countries CN."
            raise InvalidInput(f"The host cannot be registered: {error}.", hint=hint) from error
        with open_register(shop) as register:
            _print_needs([register.add(wanted, actor())])


def _remove_command(app: App, open_register: OpenRegister) -> None:
    @app.command
    def remove(shop: str, host: str, *, use: EgressUse) -> None:
        """Take a host out; the very next call to it fails.

        Args:
            shop: the shop's name.
            host: its name, as the list shows it.
            use: what calls to it are for.
        """
        with open_register(shop) as register:
            register.remove(host, use, actor())


def _row(one: EgressHost) -> tuple[str, ...]:
    personal = "yes" if one.is_personal else "no"
    return one.host, one.use, one.country or "not said", personal, one.contract or "-", one.source


def _print_needs(hosts: list[EgressHost]) -> None:
    for one in hosts:
        if not one.may_be_called:
            print(f"{one.host} ({one.use}) is not called until its entry says where it is and what binds it.")
        for need in one.needs:
            print(f"{one.host} ({one.use}) needs: {NEEDS[need]}")
