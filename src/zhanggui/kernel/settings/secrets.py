"""Secrets: from a variable, or from a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zhanggui.kernel.errors import Kind, ZhangguiError

PREFIX = "ZHANGGUI_"


class SecretMissing(ZhangguiError):
    """A secret is named but cannot be read."""

    code, kind = "settings.secret_unreadable", Kind.UNAVAILABLE


def load_secret(name: str, home: Path, environ: Mapping[str, str]) -> str | None:
    """A secret from `ZHANGGUI_<NAME>`, from the file that `ZHANGGUI_<NAME>_FILE` names, or from `home/<name>.secret`.

    Args:
        name: `webhook_secret`, `metrics_key`.
        home: the folder of all data.
        environ: usually `os.environ`.

    Returns:
        The secret without surrounding white space; None when none is set.

    Raises:
        SecretMissing: a file is named and cannot be read.
    """
    variable = PREFIX + name.upper()
    if value := environ.get(variable, "").strip():
        return value
    named = environ.get(f"{variable}_FILE")
    path = Path(named) if named else home / f"{name}.secret"
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        if not named:
            return None
        raise SecretMissing(f"{variable}_FILE names {named!r}, which is not there.", hint="Correct the path.") from None
    except OSError as error:
        raise SecretMissing(
            f"The secret {path.name!r} cannot be read: {error.strerror}.", hint="Check its rights."
        ) from error
