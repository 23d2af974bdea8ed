"""The brief by e-mail to a server that speaks SMTP over TLS; what goes wrong is told on console and command line."""

from __future__ import annotations

import dataclasses
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.briefs.mail_server import MailServer, a_certificate
from tests.app.builders import SHOP, an_installation
from tests.app.conftest import free_port

from zhanggui.app.briefs.channels import channels_of
from zhanggui.app.briefs.wording import BriefWords
from zhanggui.app.build import open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.console.import_sentences import told_error
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.egress import EgressDoor
from zhanggui.kernel.jobs import GiveUp
from zhanggui.kernel.settings.sections import BriefSettings
from zhanggui.kernel.words import words
from zhanggui.shop import Product, ProductText
from zhanggui.trust import Author, BriefNotSent, ProposalDraft, Rationale
from zhanggui.trust.jobs.brief import SendBrief, handlers
from zhanggui.trust.ports import BriefChannel

USER, PASSWORD = "zhanggui@shop.example", "right"
Serve = Callable[..., MailServer]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return a_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def serve(certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a mail server whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    monkeypatch.setenv("ZHANGGUI_SMTP_PASSWORD", PASSWORD)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with ExitStack() as stack:
        yield lambda **way: stack.enter_context(MailServer(**{"tls": context} | way).serving())


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """A shop with one thing to decide."""
    with open_rooms(SHOP, an_installation(tmp_path)) as opened:
        opened.catalogue.put_products([Product(id="p1", texts={"zh": ProductText(title="白茶")})])
        labels: dict[str, Any] = {"labels": [{"label": "新茶"}]}
        opened.proposals.propose(
            [
                ProposalDraft(
                    kind="shop.label_product",
                    subject="p1",
                    change=labels,
                    reason=Rationale(code="new"),
                    author=Author(name="lin"),
                )
            ]
        )
        yield opened


def settings_of(server: MailServer, **other: Any) -> BriefSettings:
    security = "tls" if server.is_tls_at_once else "starttls"
    held: dict[str, Any] = {
        "email_to": ("lin@shop.example",), "smtp_host": "localhost", "smtp_port": server.port, "smtp_user": USER,
        "smtp_security": security, "timeout_s": 5.0,
    }  # fmt: skip
    return BriefSettings(**held | other)


def channels(rooms: Rooms, held: BriefSettings) -> tuple[BriefChannel, ...]:
    wording = BriefWords(name=SHOP, settings=rooms.settings.shop, clock=rooms.clock, inbox=rooms.inbox, live=rooms.live)
    return channels_of(msgspec.structs.replace(rooms.settings, brief=held), wording, rooms.clock, EgressDoor())


def send(rooms: Rooms, held: BriefSettings) -> None:
    [channel] = channels(rooms, held)
    channel.send(*rooms.brief.with_proposals(), "teahouse-2026-05-02")


def refusal(rooms: Rooms, held: BriefSettings) -> BriefNotSent:
    with pytest.raises(BriefNotSent) as caught:
        send(rooms, held)
    return caught.value


@pytest.mark.parametrize("is_tls_at_once", [False, True], ids=["STARTTLS", "TLS"])
def test_a_letter_arrives_and_neither_login_nor_letter_is_in_clear(
    rooms: Rooms, serve: Serve, is_tls_at_once: bool
) -> None:
    server = serve(is_tls_at_once=is_tls_at_once)

    send(rooms, settings_of(server))

    [letter] = server.letters
    assert (letter["To"], letter["From"]) == ("lin@shop.example", USER)
    text = letter.get_body(("plain",))
    assert text is not None
    assert "白茶" in text.get_content()
    assert [line.split()[0].upper() for line in server.heard_in_clear] == (
        [] if is_tls_at_once else ["EHLO", "STARTTLS"]
    )


def test_how_a_server_says_goodbye_changes_nothing_about_a_letter_that_it_took(rooms: Rooms, serve: Serve) -> None:
    server = serve(goodbye="421 too busy")

    send(rooms, settings_of(server))

    assert len(server.letters) == 1


PARTLY = {"email_to": ("lin@shop.example", "gone@shop.example"), "smtp_user": USER}


def test_receivers_that_are_refused_are_told_by_number_and_nobody_gets_it_twice(rooms: Rooms, serve: Serve) -> None:
    server = serve(unknown=("gone@shop.example",))
    brief = dataclasses.replace(rooms.brief, channels=channels(rooms, settings_of(server, **PARTLY)))

    first, second = brief.send(), brief.send()

    assert (first.sent, first.failed) == (("email",), {})
    assert first.refused["email"].startswith(
        "The mail server localhost refused 1 of 2 addresses: number 2 of brief.email_to, code 550."
    )
    assert "gone@" not in first.refused["email"]
    assert "hush" not in first.refused["email"]
    assert (second.already, second.refused, len(server.letters)) == (("email",), {}, 1)


def test_a_server_that_refuses_every_receiver_did_not_take_it(rooms: Rooms, serve: Serve) -> None:
    server = serve(unknown=PARTLY["email_to"])

    assert "took none of the addresses: code 550" in str(refusal(rooms, settings_of(server, **PARTLY)))


def test_the_job_ends_with_who_did_not_get_it_in_chinese(rooms: Rooms, serve: Serve) -> None:
    held = settings_of(serve(unknown=("gone@shop.example",)), **PARTLY)
    brief = dataclasses.replace(rooms.brief, channels=channels(rooms, held))
    sending = handlers(brief, rooms.places)[1]

    with pytest.raises(GiveUp) as caught:
        sending.run(SendBrief(brief.day), None)  # type: ignore[arg-type]

    assert told_error(f"GiveUp: {caught.value}", words("zh").gettext) == (
        "早报没有送到每个人。"
        "邮件服务器 localhost 拒绝了 2 个收件地址中的 1 个：brief.email_to 里的第 2 个，代码 550。"
        "请改正或删去它们；其余的人已经收到。"
    )


def test_a_wrong_password_is_told_and_stands_nowhere(
    rooms: Rooms, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHANGGUI_SMTP_PASSWORD", "hush-what-was-sent")
    server = serve()

    told = refusal(rooms, settings_of(server))

    assert str(told) == f"The mail server localhost refused the login of {USER}: code 535."
    assert "ZHANGGUI_SMTP_PASSWORD" in told.hint
    assert "hush" not in f"{told} {told.hint}"
    assert server.letters == []


def test_without_a_password_the_server_asks_for_a_login(
    rooms: Rooms, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHANGGUI_SMTP_PASSWORD")

    told = refusal(rooms, settings_of(serve()))

    assert str(told) == "The mail server localhost did not take the brief: code 530."
    assert "ZHANGGUI_SMTP_PASSWORD" in told.hint


@pytest.mark.parametrize("is_tls_at_once", [False, True], ids=["STARTTLS", "TLS"])
def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_login(
    rooms: Rooms, serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_tls_at_once: bool
) -> None:
    server = serve(is_tls_at_once=is_tls_at_once)
    monkeypatch.setenv("SSL_CERT_FILE", a_certificate(tmp_path, "else.example")[0])

    told = refusal(rooms, settings_of(server))

    assert str(told) == "The certificate of the mail server localhost was refused: self-signed certificate."
    assert server.letters == []


def test_a_certificate_of_another_name_is_refused(rooms: Rooms, serve: Serve) -> None:
    told = refusal(rooms, settings_of(serve(), smtp_host="127.0.0.1"))

    assert str(told).startswith("The certificate of the mail server 127.0.0.1 was refused: ")
    assert "brief.smtp_host" in told.hint


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_says_nothing_is_left_after_the_time_of_the_settings(
    rooms: Rooms, serve: Serve, security: str
) -> None:
    server = serve(is_silent=True)

    told = refusal(rooms, settings_of(server, smtp_security=security, timeout_s=0.2))

    assert str(told) == f"The mail server localhost was silent for 0.2 seconds on port {server.port}."


def test_the_wrong_kind_of_encryption_is_told(rooms: Rooms, serve: Serve) -> None:
    plain = serve(tls=None)

    assert "offers no STARTTLS" in str(refusal(rooms, settings_of(plain)))
    assert "speaks no TLS" in str(refusal(rooms, settings_of(plain, smtp_security="tls")))


def test_a_server_that_is_not_there_is_told(rooms: Rooms, serve: Serve) -> None:
    told = refusal(rooms, settings_of(serve(), smtp_port=free_port()))

    assert str(told).endswith(": ConnectionRefusedError.")
    assert "cannot be reached" in str(told)


def test_the_command_line_says_what_to_do(
    rooms: Rooms, serve: Serve, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve(password="another")
    held = {"EMAIL_TO": '["lin@shop.example"]', "SMTP_HOST": "localhost", "SMTP_PORT": str(server.port)}
    for name, value in (held | {"SMTP_USER": USER}).items():
        monkeypatch.setenv(f"ZHANGGUI_BRIEF__{name}", value)
    monkeypatch.setenv("ZHANGGUI_HOME", str(rooms.settings.home))
    monkeypatch.setenv("ZHANGGUI_CONFIG", "")

    code = run(("brief", SHOP, "--send"))

    out = capfd.readouterr().out
    assert code == 1
    assert (
        f"FAILED  email: The mail server localhost refused the login of {USER}: code 535. Check brief.smtp_user" in out
    )


def test_the_page_of_jobs_says_it_in_chinese(rooms: Rooms, serve: Serve) -> None:
    held = settings_of(serve(password="another"))
    brief = dataclasses.replace(rooms.brief, channels=channels(rooms, held))
    sending = handlers(brief, rooms.places)[1]

    with pytest.raises(BriefNotSent) as caught:
        sending.run(SendBrief(brief.day), None)  # type: ignore[arg-type]

    told = told_error(f"BriefNotSent: {caught.value}", words("zh").gettext)
    assert told == (
        "早报没有送到每个渠道，稍后会再发给没收到的渠道。"
        f"邮件服务器 localhost 拒绝了 {USER} 的登录：代码 535。"
        "请检查 brief.smtp_user 和 ZHANGGUI_SMTP_PASSWORD；很多邮箱要用「授权码」，不是登录密码。"
    )
