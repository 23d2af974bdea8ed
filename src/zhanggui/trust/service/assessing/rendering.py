"""An assessment as Markdown and as a page of its own."""

from __future__ import annotations

from html import escape

from zhanggui.trust.types.assessment import Assessment, Chapter

STYLE = (
    "body{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}"
    "th,td{border:1px solid #999;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
)


def as_markdown(made: Assessment) -> str:
    """The whole as Markdown."""
    parts = [f"# {made.title}", f"{made.shop} · {made.made_at.isoformat(timespec='seconds')}"]
    for chapter in made.chapters:
        parts += [f"## {chapter.title}", *_block(chapter)]
    return "\n\n".join(parts) + "\n"


def as_html(made: Assessment) -> str:
    """The whole as one page without anything that is loaded."""
    body = "".join(_section(chapter) for chapter in made.chapters)
    title = escape(made.title)
    return (
        f'<!doctype html><html lang="{made.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>'
        f"<p>{escape(made.shop)} · {made.made_at.isoformat(timespec='seconds')}</p>{body}</body></html>\n"
    )


def _block(chapter: Chapter) -> list[str]:
    block = [chapter.intro] if chapter.intro else []
    if chapter.rows:
        lines = [chapter.head, tuple("---" for _ in chapter.head), *chapter.rows]
        block.append("\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines))
    if chapter.notes:
        block.append("\n".join(f"- {note}" for note in chapter.notes))
    return block


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _section(chapter: Chapter) -> str:
    intro = f"<p>{escape(chapter.intro)}</p>" if chapter.intro else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in chapter.notes)
    table = ""
    if chapter.rows:
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in chapter.head)
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in chapter.rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section><h2>{escape(chapter.title)}</h2>{intro}{table}{f'<ul>{notes}</ul>' if notes else ''}</section>"
