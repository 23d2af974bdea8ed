"""An error on the command line: one readable block on stderr, and an exit code by its kind."""

from __future__ import annotations

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
INTERRUPTED = 130


def show(error: ZhangguiError, console: Console) -> int:
    """Print one of our errors; returns its exit code."""
    lines: list[RenderableType] = [Text(str(error))]
    if error.hint:
        lines += ["", Text.assemble(("→ ", "bold cyan"), error.hint)]
    console.print(_block(lines, error.code))
    return EXIT[error.kind]


def show_fault(error: BaseException, console: Console) -> int:
    """Print that something failed which nobody foresaw; returns the exit code."""
    lines: list[RenderableType] = [
        Text(f"{type(error).__name__}: {error}"),
        "",
        Text.assemble(("→ ", "bold cyan"), "This is a fault of the software. Run it again with --debug and report it."),
    ]
    console.print(_block(lines, "unexpected"))
    return FAULT


def _block(lines: list[RenderableType], code: str) -> Panel:
    return Panel(
        Group(*lines), title=f"[bold red]{code}", title_align="left", border_style="red", expand=False, padding=(0, 1)
    )
