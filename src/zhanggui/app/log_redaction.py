"""Personal data out of the logs of every process: the text guard where no shop is open."""

from __future__ import annotations

from zhanggui.kernel.guarding import Redact


def log_redaction() -> Redact:
    """What takes personal data out of log lines; its placeholders are in English, as log lines are."""

    def redact(text: str) -> str:
        from zhanggui.trust.service.guarding import PiiGuard

        return PiiGuard().redacted(text, "en")

    return redact
