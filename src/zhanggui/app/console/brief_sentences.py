"""What the ways out of the morning brief say when they fail, in the words of whoever reads the page of jobs."""

from __future__ import annotations

from typing import Final

from zhanggui.kernel.words import N_

BRIEF_SENTENCES: Final = (
    N_("The morning brief did not reach every channel."),
    N_("The morning brief did not reach everybody."),
    N_("The mail server {host} refused {n} of {all} addresses: number {places} of brief.email_to, code {code}."),
    N_("Correct them or take them out; the others have it."),
    N_("The certificate of the mail server {host} was refused: {why}."),
    N_("Write the name of its certificate into brief.smtp_host; SSL_CERT_FILE may name an authority of your own."),
    N_("The mail server {host} offers no STARTTLS or no login on port {port}."),
    N_("Try brief.smtp_security = 'tls' with port 465."),
    N_("The mail server {host} speaks no TLS that we understand on port {port}."),
    N_("Port 465 goes with brief.smtp_security = 'tls', port 587 with 'starttls'."),
    N_("The mail server {host} was silent for {seconds} seconds on port {port}."),
    N_("Check brief.smtp_port and brief.smtp_security, and whether a firewall closes that port."),
    N_("The mail server {host} cannot be reached on port {port}: {why}."),
    N_("Check brief.smtp_host and brief.smtp_port."),
    N_("The mail server {host} refused the login of {user}: code {code}."),
    N_("Check brief.smtp_user and ZHANGGUI_SMTP_PASSWORD; many providers want a password made for programs."),
    N_("The mail server {host} took none of the addresses: code {code}."),
    N_("Check brief.email_to; many servers send only for those who log in."),
    N_("The mail server {host} did not take the brief: code {code}."),
    N_("Check brief.email_from, brief.smtp_user and ZHANGGUI_SMTP_PASSWORD."),
    N_("The {robot} robot at {host} did not take the brief: {why}."),
    N_("Check {setting} and its secret."),
    N_("The day of this brief is over."),
)
"""As `app/briefs` says it; `{…}` stands for what it saw."""
