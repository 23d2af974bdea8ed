"""An error on the command line: one readable block on stderr, and an exit code by its kind."""

from __future__ import annotations

import os
import sys

from cyclopts import CycloptsError, CycloptsPanel, MissingArgumentError
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from zhanggui.kernel.errors import Kind, ZhangguiError

EXIT = {
    Kind.INVALID: 2,
    Kind.NOT_FOUND: 4,
    Kind.CONFLICT: 5,
    Kind.FORBIDDEN: 6,
    Kind.UNAUTHENTICATED: 6,
    Kind.TOO_LARGE: 2,
    Kind.TOO_MANY: 7,
    Kind.UNAVAILABLE: 8,
}
"""Exit codes: 0 done, 1 a fault of the software, 2 wrong input, 3 done and a check failed, the others as here."""
FAULT = 1
WRONG_INPUT = 2
INTERRUPTED = 130


def show(error: Exception, console: Console) -> int:
    """Print what went wrong; returns the exit code."""
    if isinstance(error, ZhangguiError):
        console.print(_block(str(error), error.hint, error.code))
        return EXIT[error.kind]
    if isinstance(error, BrokenPipeError):
        # The reader of our output has left (`| head`); a second complaint at exit would help nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    hint = "This is a fault of the software. Run it again with --debug and report it."
    console.print(_block(f"{type(error).__name__}: {error}", hint, "unexpected"))
    return FAULT


def worded(error: CycloptsError) -> RenderableType:
    """A command line that does not parse, for a reader: what stands by its place is called by its place."""
    argument = getattr(error, "argument", None)
    is_missing = isinstance(error, MissingArgumentError) and not error.tokens_so_far
    if not is_missing or argument is None or argument.index is None or argument.tokens:
        return CycloptsPanel(error)
    command = " ".join(("zhanggui", *(error.command_chain or ())))
    name = argument.name.lstrip("-").replace("-", "_").upper()
    whole = f"{command} {'… ' * bool(argument.index)}{name}"
    return _block(f"{command} needs {name}.", f"{whole}   (all of it: {command} --help)", "usage")


def _block(message: str, hint: str, code: str) -> Panel:
    lines: list[RenderableType] = [Text(message)]
    if hint:
        lines += ["", Text.assemble(("→ ", "bold cyan"), hint)]
    return Panel(
        Group(*lines), title=f"[bold red]{code}", title_align="left", border_style="red", expand=False, padding=(0, 1)
    )
