"""A mail server on a port of its own: it speaks SMTP as RFC 5321 says, STARTTLS or TLS from the start, and logs in."""

from __future__ import annotations

import base64
import datetime
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def a_certificate(folder: Path, name: str = "localhost") -> tuple[str, str]:
    """Paths of a new certificate that signs itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(made.public_bytes(pem))
    secret.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    return str(cert), str(secret)


@dataclass
class MailServer:
    """What it has seen, and how it behaves.

    Args:
        tls: with the certificate; None to offer no encryption at all.
        is_tls_at_once: TLS from the start instead of STARTTLS.
        user, password: who may log in; nothing is taken before.
        is_silent: takes connections and says nothing.
        goodbye: what QUIT is answered with.
    """

    tls: ssl.SSLContext | None
    is_tls_at_once: bool = False
    user: str = "zhanggui@shop.example"
    password: str = "right"
    is_silent: bool = False
    goodbye: str = "221 bye"
    unknown: tuple[str, ...] = ()  # receivers that it refuses
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    heard_in_clear: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def serving(self) -> Iterator[MailServer]:
        """It listens on a free port of this machine."""
        with _Listening(("127.0.0.1", 0), _Talk) as listening:
            listening.mail = self
            self.port = listening.server_address[1]
            thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield self
            self.stopping.set()
            listening.shutdown()
            thread.join()


class _Listening(socketserver.ThreadingTCPServer):
    mail: MailServer


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    is_secret = False
    is_known = False

    @property
    def mail(self) -> MailServer:
        return cast("_Listening", self.server).mail

    def handle(self) -> None:
        if self.mail.is_silent:
            self.mail.stopping.wait()
            return
        try:
            if self.mail.is_tls_at_once:
                self._encrypt()
            self._say("220 mail.example ready")
            while line := self.rfile.readline():
                if not self._answer(line.decode(errors="replace").rstrip()):
                    break
        except OSError:
            pass  # the other side broke off, as who refuses a certificate does

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass
        finally:
            self.request.close()

    def _answer(self, line: str) -> bool:
        if not self.is_secret:
            self.mail.heard_in_clear.append(line)
        verb = line.split()[0].upper() if line.split() else ""
        if verb == "QUIT":
            self._say(self.mail.goodbye)
            return False
        if verb == "STARTTLS":
            self._say("220 go on")
            self._encrypt()
        elif verb == "EHLO":
            self._say(self._offers())
        elif verb == "AUTH":
            self.is_known = line.split()[-1] == self._login()
            self._say("235 welcome" if self.is_known else "535 5.7.8 hush-what-was-sent is wrong")
        elif verb == "RCPT" and any(f"<{one}>" in line for one in self.mail.unknown):
            self._say("550 5.1.1 hush nobody of that name")
        elif verb == "DATA":
            self._take()
        else:
            self._say("250 ok" if self.is_known else "530 5.7.0 log in first")
        return True

    def _offers(self) -> str:
        ways = ["mail.example"]
        if self.is_secret:
            ways.append("AUTH PLAIN")
        elif self.mail.tls is not None:
            ways.append("STARTTLS")
        return "\r\n".join([*(f"250-{way}" for way in ways), "250 8BITMIME"])

    def _login(self) -> str:
        return base64.b64encode(f"\0{self.mail.user}\0{self.mail.password}".encode()).decode()

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.mail.letters.append(cast("EmailMessage", message_from_bytes(b"".join(lines), policy=policy.default)))
        self._say("250 taken")

    def _encrypt(self) -> None:
        assert self.mail.tls is not None
        self.request = self.mail.tls.wrap_socket(self.request, server_side=True)
        self.rfile.close()
        self.wfile.close()
        self.setup()
        self.is_secret = True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
