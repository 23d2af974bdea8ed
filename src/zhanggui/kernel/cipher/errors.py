"""What goes wrong with keys and with what was sealed under them."""

from __future__ import annotations

from zhanggui.kernel.errors import Kind, ZhangguiError


class CipherError(ZhangguiError):
    """Root of what the cipher raises."""

    code = "cipher.error"


class ErasedSubject(CipherError):
    """The person's key was destroyed, or never existed."""

    code, kind = "cipher.erased_subject", Kind.NOT_FOUND


class SealBroken(CipherError):
    """The bytes were not sealed for this person, or were changed since."""

    code, kind = "cipher.seal_broken", Kind.CONFLICT


class BadMasterKey(CipherError):
    """The master key is missing, misshapen, open to others, or not the one this store was written with."""

    code, kind = "cipher.bad_master_key", Kind.UNAVAILABLE


class KmsFailed(CipherError):
    """The key management service did not wrap or unwrap the master key."""

    code, kind = "cipher.kms_failed", Kind.UNAVAILABLE
