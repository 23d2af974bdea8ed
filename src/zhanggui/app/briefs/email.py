"""The brief by e-mail."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from zhanggui.kernel.egress import EgressDoor, UnregisteredHost
from zhanggui.kernel.settings.sections import BriefSettings
from zhanggui.trust import BriefNotSent, Proposal
from zhanggui.trust.types.briefs import Brief

from .mail_errors import mail_error, refused_some
from .wording import BriefWords, Message

Connect = Callable[[BriefSettings], smtplib.SMTP]
"""Opens the connection to the mail server, encrypted as the settings say."""


def connecting(door: EgressDoor) -> Connect:
    """Connections through the door to the outside."""

    def connect(held: BriefSettings) -> smtplib.SMTP:
        return door.smtp(held.smtp_host, held.smtp_port, security=held.smtp_security, timeout_s=held.timeout_s)

    return connect


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChannel:
    """Sends the brief to the addresses of the settings, as text and as HTML.

    Args:
        connect: opens the connection.
        password: of `brief.smtp_user`; None to send without a login.
    """

    settings: BriefSettings
    password: str | None
    words: BriefWords
    connect: Connect

    @property
    def name(self) -> str:
        """`email`."""
        return "email"

    def send(self, brief: Brief, proposals: tuple[Proposal, ...], key: str) -> str:
        """Send one message to all; each try of a day carries the same Message-ID, so that mailboxes know it again.

        Says so where the server took it for some of the addresses only.

        Raises:
            BriefNotSent: the mail server cannot be reached, or refuses.
        """
        letter = self._letter(self.words.message(brief, proposals), key)
        letter["Date"] = format_datetime(brief.made_at)
        try:
            server = self.connect(self.settings)
            try:
                if self.settings.smtp_user and self.password:
                    server.login(self.settings.smtp_user, self.password)
                refused = server.send_message(letter)
            finally:
                _leave(server)
        except UnregisteredHost as error:
            raise BriefNotSent(str(error), hint=error.hint) from error
        except (smtplib.SMTPException, OSError) as error:
            raise mail_error(error, self.settings) from error
        return refused_some(refused, self.settings)

    def _letter(self, message: Message, key: str) -> EmailMessage:
        letter = EmailMessage()
        sender = self.settings.email_from or self.settings.smtp_user
        letter["Subject"] = message.title
        letter["From"] = sender
        letter["To"] = ", ".join(self.settings.email_to)
        letter["Message-ID"] = f"<brief-{key}@{sender.rpartition('@')[2] or 'localhost'}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(as_text(message))
        letter.add_alternative(as_html(message), subtype="html")
        return letter


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; how that is answered changes nothing about a letter that was taken."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def as_text(message: Message) -> str:
    """The message as plain text."""
    items = [f"{n}. {item.title}\n   {item.detail}\n   {item.href}" for n, item in enumerate(message.items, 1)]
    more = [f"{message.more}: {message.href}"] if message.more else []
    return "\n\n".join([*items, *more, message.age]) + "\n"


def as_html(message: Message) -> str:
    """The message as HTML without style, picture or anything that is loaded."""
    items = "".join(
        f'<li><p><a href="{escape(item.href)}">{escape(item.title)}</a><br>{escape(item.detail)}</p></li>'
        for item in message.items
    )
    more = f'<p><a href="{escape(message.href)}">{escape(message.more)}</a></p>' if message.more else ""
    return f"<h1>{escape(message.title)}</h1><ol>{items}</ol>{more}<p>{escape(message.age)}</p>"
