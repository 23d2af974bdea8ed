"""The pages of the API itself: an index, its description for people, the error codes. No script, no other host."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from litestar import MediaType, Response, get

from zhanggui.kernel.listing import AnyRequest

from .explained import Explained, explained_errors

STYLE = """
:root{color-scheme:light dark;--paper:light-dark(#f6f5f2,#131312);--ink:light-dark(#1c1b19,#edebe5);
--line:light-dark(#e4e1da,#33322e);--quiet:light-dark(#6a665d,#9d988e);--mark:light-dark(#14615a,#74c4b6)}
*{box-sizing:border-box}
body{font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif;margin:0;
background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
main,nav{max-width:64rem;margin:0 auto;padding:1rem}nav{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem}
h1,h2{line-height:1.3}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}:lang(en){line-height:1.55}
code{font:14px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
nav a,main>ul a{display:inline-flex;align-items:center;gap:.5rem;min-height:2.75rem}
a{color:var(--mark)}:focus-visible{outline:2px solid var(--mark);outline-offset:2px}small,.quiet{color:var(--quiet)}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.5rem 1rem}
summary{cursor:pointer}.method{display:inline-block;min-width:4.5rem;font-weight:600}
.about{scroll-margin-top:5rem}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);
overflow-wrap:normal}
tr:target{outline:2px solid var(--mark)}
"""
API = '<a href="/docs">接口 <span lang="en">The API</span></a>'
ERRORS = '<a href="/docs/errors">错误代码 <span lang="en">Error codes</span></a>'
SCHEMA = '<a href="/schema/openapi.json">/schema/openapi.json</a>'


def page(request: AnyRequest, chinese: str, english: str, body: str) -> Response[str]:
    """One HTML page of ours; Chinese first, English beside it."""
    links = ['<a href="/">掌柜 <span lang="en">Zhanggui</span></a>', *([API] if _has_api_page(request) else []), ERRORS]
    title = f'{escape(chinese)} <span lang="en">{escape(english)}</span>'
    html = (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(chinese)} {escape(english)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/docs/style.css"></head>'
        f'<body><nav aria-label="页面 Pages">{"".join(links)}</nav><main><h1>{title}</h1>{body}</main></body></html>'
    )
    return Response(html, media_type=MediaType.HTML)


@get("/", include_in_schema=False, sync_to_thread=False)
def index(request: AnyRequest) -> Response[str]:
    """Say where one is and where to go."""
    api = f"<li>{API}</li>" if _has_api_page(request) else ""
    return page(
        request,
        "掌柜",
        "Zhanggui",
        '<p>这里是开源的 AI 掌柜。 <span lang="en">The open AI shopkeeper answers here.</span></p>'
        f'<ul>{api}<li>给程序的接口说明 <span lang="en">The API, for programs</span>: {SCHEMA} (OpenAPI)</li>'
        f"<li>{ERRORS}</li></ul>",
    )


@get("/docs", name="api_page", include_in_schema=False, sync_to_thread=False)
def api_page(request: AnyRequest) -> Response[str]:
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
        '<p>请求带上 <code>Authorization: Bearer KEY</code>。每个错误都有<a href="/docs/errors">代码</a>和提示'
        f"（RFC 9457）。写入可带 <code>Idempotency-Key</code>，重发不会重复。完整说明见 {SCHEMA}。</p>"
        '<p lang="en">Send <code>Authorization: Bearer KEY</code>. Every error is a problem (RFC 9457) with a '
        '<a href="/docs/errors">code</a> and a hint. Writes take an <code>Idempotency-Key</code>. The complete '
        f"description is at {SCHEMA}.</p>"
    )
    return page(request, "掌柜的接口", "The API of Zhanggui", lead + body)


@get("/docs/errors", include_in_schema=False, sync_to_thread=False)
def errors_page(request: AnyRequest) -> Response[str]:
    """Explain the error codes."""
    rows = "".join(_error(one) for one in explained_errors())
    lead = (
        "<p>程序请按代码判断，不要按文字判断。 "
        '<span lang="en">Programs branch on the code, never on the words.</span></p>'
    )
    return page(
        request, "错误代码", "Error codes", lead + _table(("代码 code", "状态 status", "说明 what it says"), rows)
    )


@get("/docs/style.css", include_in_schema=False, media_type="text/css", sync_to_thread=False)
def style() -> str:
    """The one style sheet of these pages."""
    return STYLE


PAGES = (api_page,)
"""What `features.openapi` switches off."""
LASTING_PAGES = (index, errors_page, style)
"""What stays: every problem's type is an address on the page of the errors."""


def _has_api_page(request: AnyRequest) -> bool:
    return request.app.get_handler_index_by_name("api_page") is not None


def _table(heads: tuple[str, ...], rows: str) -> str:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="表格 Table">'
        f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _error(one: Explained) -> str:
    return (
        f'<tr id="{escape(one.code)}"><td><code>{escape(one.code)}</code><td>{one.status}'
        f'<td lang="en">{escape(one.summary)}</tr>'
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}"
        f'<td>{"必填 required" if one.get("required") else ""}<td lang="en">{escape(one.get("description", ""))}</tr>'
        for one in operation.get("parameters", [])
    )
    table = _table(("参数 parameter", "位置 in", "", "说明 what it is"), rows) if rows else ""
    about = escape(operation.get("description") or operation.get("summary") or "")
    first = (about.splitlines() or [""])[0]
    paragraphs = "".join(f'<p lang="en">{_with_code(one)}</p>' for one in about.split("\n\n"))
    # The id stands inside: a browser that is sent to it opens the closed element around it.
    return (
        f'<details><summary><span class="method">{method.upper()}</span><code>{escape(path)}</code> '
        f'<small lang="en">{_with_code(first)}</small></summary>'
        f'<div class="about" id="{escape(operation.get("operationId", ""))}">{paragraphs}{_body(operation)}{table}'
        f'<p class="quiet">回答 Answers: {", ".join(sorted(operation["responses"]))}.</p></div></details>'
    )


def _with_code(escaped: str) -> str:
    return re.sub(r"`+([^`]+)`+", r"<code>\1</code>", escaped)


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    shown = ", ".join(f"<code>{escape(_type(one['schema']))}</code> ({escape(kind)})" for kind, one in content.items())
    return f"<p>请求体 Body: {shown}</p>" if shown else ""


def _type(schema: dict[str, Any]) -> str:
    """The name of a schema: of a component, of a list of them, of a choice, or of a plain type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(_type(one) for one in choices)
    return str(schema.get("format") or schema.get("type") or "any")


def _room(path: str) -> str:
    parts = path.split("/")
    return parts[3] if len(parts) > 3 else "server"
