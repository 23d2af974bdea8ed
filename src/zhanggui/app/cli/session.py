"""What every command needs: the settings that hold, and the shop it was asked about."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from zhanggui.kernel.settings import Settings, load_settings


def settings_now() -> Settings:
    """The settings from the file and the environment of this command."""
    return load_settings(None, os.environ)


def say(text: str) -> None:
    """A word for the person at the terminal, on stderr: stdout is for results."""
    Console(stderr=True, highlight=False).print(text)


def bars(*, quiet: bool = False) -> Progress:
    """Progress bars on stderr; none where nobody is looking."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet or not sys.stderr.isatty(),
    )
