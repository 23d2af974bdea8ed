"""What a mail server did when it did not take the brief: what happened, what was seen, what to do."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping

from zhanggui.kernel.settings.sections import BriefSettings
from zhanggui.trust import BriefNotSent


def mail_error(error: Exception, held: BriefSettings) -> BriefNotSent:
    """An error of `smtplib`, `ssl` or a socket in words; what the server said is left out, for it may hold secrets."""
    told, hint = _certificate(error, held) or _encryption(error, held) or _reach(error, held) or _refusal(error, held)
    return BriefNotSent(told, hint=hint)


def refused_some(refused: Mapping[str, tuple[int, bytes]], held: BriefSettings) -> str:
    """What to tell where a server took the brief for some addresses only; empty where it refused none.

    Addresses stand in no message: the one who reads it finds them in the settings, by their number in that list.
    """
    if not refused:
        return ""
    places = ", ".join(str(n) for n, address in enumerate(held.email_to, 1) if address in refused) or "-"
    codes = ", ".join(sorted({str(code) for code, _ in refused.values()}))
    seen = (
        f"The mail server {held.smtp_host} refused {len(refused)} of {len(held.email_to)} addresses: "
        f"number {places} of brief.email_to, code {codes}."
    )
    return " ".join((seen, "Correct them or take them out; the others have it."))


Told = tuple[str, str]
"""What happened, and what to do."""


def _certificate(error: Exception, held: BriefSettings) -> Told | None:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return None
    why = error.verify_message.rstrip(".")
    return (
        f"The certificate of the mail server {held.smtp_host} was refused: {why}.",
        "Write the name of its certificate into brief.smtp_host; SSL_CERT_FILE may name an authority of your own.",
    )


def _encryption(error: Exception, held: BriefSettings) -> Told | None:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return (
            f"The mail server {held.smtp_host} offers no STARTTLS or no login on port {held.smtp_port}.",
            "Try brief.smtp_security = 'tls' with port 465.",
        )
    if isinstance(error, ssl.SSLError):
        return (
            f"The mail server {held.smtp_host} speaks no TLS that we understand on port {held.smtp_port}.",
            "Port 465 goes with brief.smtp_security = 'tls', port 587 with 'starttls'.",
        )
    return None


def _reach(error: Exception, held: BriefSettings) -> Told | None:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return (
            f"The mail server {held.smtp_host} was silent for {held.timeout_s:g} seconds on port {held.smtp_port}.",
            "Check brief.smtp_port and brief.smtp_security, and whether a firewall closes that port.",
        )
    if isinstance(error, smtplib.SMTPException):
        return None
    name = "no such name" if isinstance(error, socket.gaierror) else type(error).__name__
    return (
        f"The mail server {held.smtp_host} cannot be reached on port {held.smtp_port}: {name}.",
        "Check brief.smtp_host and brief.smtp_port.",
    )


def _refusal(error: Exception, held: BriefSettings) -> Told:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"The mail server {held.smtp_host} refused the login of {held.smtp_user}: code {error.smtp_code}.",
            "Check brief.smtp_user and ZHANGGUI_SMTP_PASSWORD; many providers want a password made for programs.",
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()})) or "-"
        return (
            f"The mail server {held.smtp_host} took none of the addresses: code {codes}.",
            "Check brief.email_to; many servers send only for those who log in.",
        )
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
    return (
        f"The mail server {held.smtp_host} did not take the brief: code {code}.",
        "Check brief.email_from, brief.smtp_user and ZHANGGUI_SMTP_PASSWORD.",
    )
