"""Master keys that lie wrapped, and are unwrapped by a key management service when a process starts.

People's keys are wrapped by the master key in memory: a service that is slow or away for a while stops no request, only
a start. Both adapters implement `KeyWrapper`.

Source: HashiCorp Vault, "Transit secrets engine (API)", developer.hashicorp.com/vault/api-docs/secret/transit: encrypt
and decrypt with `associated_data`; OpenBao answers alike.
"""

from __future__ import annotations

import base64
import binascii
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from zhanggui.kernel.egress import EgressDoor, EgressUse

from .errors import KmsFailed

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 65_536


class _Texts(msgspec.Struct):
    ciphertext: str = ""
    plaintext: str = ""


class _Answer(msgspec.Struct):
    data: _Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitKms:
    """A service shaped like Vault's transit engine.

    Args:
        url: where the engine is mounted: `https://vault.example:8200/v1/transit`.
        key: the name of the key there.
        token: sent as `X-Vault-Token`.
        door: through which it is called.
        timeout_s: seconds for each call.
    """

    url: str
    key: str
    token: str
    door: EgressDoor
    timeout_s: float = 10.0

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """The ciphertext, as the service words it; see `KeyWrapper.wrap`."""
        said = self._ask("encrypt", {"plaintext": _text(key), "associated_data": _text(about)}).ciphertext
        if not said or set(said) & set(" \r\n"):
            raise self._failed("it gave no ciphertext")
        return said.encode()

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """The key; see `KeyWrapper.unwrap`."""
        said = self._ask("decrypt", {"ciphertext": wrapped.decode(), "associated_data": _text(about)}).plaintext
        return _bytes(said, self._failed("it gave no base64"))

    def _ask(self, act: str, body: dict[str, str]) -> _Texts:
        import httpx

        try:
            with self.door.client(EgressUse.KMS, timeout_s=self.timeout_s) as client:
                answer = self._post(client, act, body)
            return msgspec.json.decode(answer.content, type=_Answer).data
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise self._failed(f"{type(error).__name__}: {error}") from error
        except msgspec.DecodeError as error:
            raise self._failed("its answer is not what the transit engine gives") from error

    def _post(self, client: httpx.Client, act: str, body: dict[str, str]) -> httpx.Response:
        address = f"{self.url.rstrip('/')}/{act}/{self.key}"
        answer = client.post(address, json=body, headers={"X-Vault-Token": self.token})
        if not answer.is_success or len(answer.content) > MOST_BYTES:
            raise self._failed(f"it answered {answer.status_code}")
        return answer

    def _failed(self, why: str) -> KmsFailed:
        return KmsFailed(
            f"The key management service at {self.url} did not do its part: {why}.",
            hint="Check keys.kms_url, keys.kms_key and ZHANGGUI_KMS_TOKEN, and that the service runs and is unsealed.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandKms:
    """Any service that a program of the operator's speaks to.

    The program is called with `wrap` or `unwrap` and the base64 of what it is about behind its own arguments. It reads
    one line (base64 of the key, or what it gave before) and prints one line (what to keep, or base64 of the key).

    Args:
        command: program and arguments; no shell is in between.
        timeout_s: seconds for each call.
    """

    command: Sequence[str]
    timeout_s: float = 10.0

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """One line of ASCII; see `KeyWrapper.wrap`."""
        return self._run("wrap", _text(key), about).encode()

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """The key; see `KeyWrapper.unwrap`."""
        return _bytes(self._run("unwrap", wrapped.decode(), about), self._failed("it printed no base64"))

    def _run(self, act: str, line: str, about: bytes) -> str:
        command = [*self.command, act, _text(about)]
        try:
            done = subprocess.run(command, input=f"{line}\n".encode(), capture_output=True, timeout=self.timeout_s)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._failed(type(error).__name__) from error
        said = done.stdout.decode("ascii", errors="replace").strip()
        if done.returncode != 0 or not said or len(said.split()) != 1:
            raise self._failed(f"it ended with {done.returncode}, and one line was expected")
        return said

    def _failed(self, why: str) -> KmsFailed:
        hint = "Run it by hand; its arguments are in keys.kms_command."
        return KmsFailed(f"The program {self.command[0]} did not do its part: {why}.", hint=hint)


def _text(clear: bytes) -> str:
    return base64.b64encode(clear).decode()


def _bytes(text: str, otherwise: KmsFailed) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise otherwise from error
