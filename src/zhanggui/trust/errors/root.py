"""The root."""

from __future__ import annotations

from zhanggui.kernel.errors import ZhangguiError


class TrustError(ZhangguiError):
    """Root of this room's errors."""

    code = "trust.error"
