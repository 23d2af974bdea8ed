"""The pages of the API itself: an index, its description for people, the error codes. No script, no other host."""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import MediaType, Request, Response, get

from .explained import Explained, explained_errors

STYLE = """
:root{color-scheme:light dark;--line:#8884;--quiet:#888;--mark:#b5482a}
body{font:16px/1.6 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:64rem;margin:0 auto;
padding:2rem 1rem}
h1,h2,h3{line-height:1.25}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
code{font:14px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
a{color:var(--mark)}small,.quiet{color:var(--quiet)}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.5rem 1rem}
summary{cursor:pointer}.method{display:inline-block;min-width:4.5rem;font-weight:600}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;
border-bottom:1px solid var(--line)}
"""


def page(title: str, body: str) -> Response[str]:
    """One HTML page of ours."""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/docs/style.css"></head><body><h1>{escape(title)}</h1>{body}</body></html>'
    )
    return Response(html, media_type=MediaType.HTML)


@get("/", include_in_schema=False, sync_to_thread=False)
def index() -> Response[str]:
    """Say where one is and where to go."""
    return page(
        "掌柜 Zhanggui",
        '<p>The open AI shopkeeper answers here.</p><ul><li><a href="/docs">The API, for people</a></li>'
        '<li><a href="/schema/openapi.json">The API, for programs</a> (OpenAPI)</li>'
        '<li><a href="/docs/errors">Error codes</a></li></ul>',
    )


@get("/docs", include_in_schema=False, sync_to_thread=False)
def api_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Show the API to a person."""
    schema = request.app.openapi_schema.to_schema()
    rooms: dict[str, list[str]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                room = (operation.get("tags") or [_room(path)])[0]
                rooms.setdefault(room, []).append(_operation(path, method, operation))
    body = "".join(f'<h2 id="{escape(room)}">{escape(room)}</h2>{"".join(shown)}' for room, shown in rooms.items())
    lead = (
        "<p>Send <code>Authorization: Bearer KEY</code>. Every error is a problem (RFC 9457) with a "
        '<a href="/docs/errors">code</a> and a hint. Writes take an <code>Idempotency-Key</code>. The complete '
        'description is at <a href="/schema/openapi.json">/schema/openapi.json</a>.</p>'
    )
    return page("The API of Zhanggui", lead + body)


@get("/docs/errors", include_in_schema=False, sync_to_thread=False)
def errors_page() -> Response[str]:
    """Explain the error codes."""
    rows = "".join(_error(one) for one in explained_errors())
    return page("Error codes", f"<table><tr><th>code<th>status<th>what it says</tr>{rows}</table>")


@get("/docs/style.css", include_in_schema=False, media_type="text/css", sync_to_thread=False)
def style() -> str:
    """The one style sheet of these pages."""
    return STYLE


PAGES = (index, api_page, errors_page, style)


def _error(one: Explained) -> str:
    return (
        f'<tr id="{escape(one.code)}"><td><code>{escape(one.code)}</code><td>{one.status}<td>{escape(one.summary)}</tr>'
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}"
        f"<td>{'required' if one.get('required') else ''}<td>{escape(one.get('description', ''))}</tr>"
        for one in operation.get("parameters", [])
    )
    about = escape(operation.get("description") or operation.get("summary") or "")
    first = (about.splitlines() or [""])[0]
    return (
        f'<details id="{escape(operation.get("operationId", ""))}"><summary>'
        f'<span class="method">{method.upper()}</span><code>{escape(path)}</code> <small>{first}</small></summary>'
        f"<p>{about}</p><table>{rows}</table><p class=quiet>Answers: {', '.join(sorted(operation['responses']))}.</p>"
        "</details>"
    )


def _room(path: str) -> str:
    parts = path.split("/")
    return parts[3] if len(parts) > 3 else "server"
