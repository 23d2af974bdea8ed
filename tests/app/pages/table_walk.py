"""What every table of the console must have, read from the page: heads that sort, a search, its file, its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_TABLE = re.compile(r'<table class="table[^"]*">.*?</table>', re.DOTALL)
_CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
_HEAD = re.compile(r'<th scope="col"[^>]*>.*?</th>', re.DOTALL)
_SORT = re.compile(r'aria-sort="[a-z]+">\s*<a class="hit" href="[^"?]*\?([^"]*)"')
_FORM = re.compile(r'<form class="[^"]*table-tools[^"]*" role="search".*?</form>', re.DOTALL)
_FILE = re.compile(r'href="([^"]+\.csv[^"]*)"')
_LISTED = re.compile(r'hx-boost="true"')


@dataclass(frozen=True)
class Shown:
    """One table of a page: what it is called, what it lacks, and where its file is."""

    caption: str
    lacks: tuple[str, ...]
    file: str


def tables_of(page: str) -> list[Shown]:
    """The tables of a page that the shared macro made; a table of another make has no heads that fetch."""
    forms = {_prefix(form): form for form in _FORM.findall(page)}
    found = []
    for match in _TABLE.finditer(page):
        table, after = match[0], page[match.end() : match.end() + 400]
        heads = _HEAD.findall(table)
        if not any(_LISTED.search(head) for head in heads):
            continue
        sorted_by = [one for head in heads for one in _SORT.findall(head)]
        names = [re.findall(r"(?:^|&)([a-z0-9_-]*)sort=", unescape(query)) for query in sorted_by]
        prefix = names[0][0] if names and names[0] else ""
        form = forms.get(prefix, "")
        file = _FILE.search(form)
        wants = {
            "heads that sort": bool(sorted_by),
            "a search or a choice": "<input" in form or "<select" in form,
            "a file": file is not None,
            "pages": 'class="row small quiet pager"' in after or "colspan" in table,
        }
        caption = _CAPTION.search(table)
        found.append(
            Shown(
                caption[1] if caption else "",
                tuple(name for name, is_there in wants.items() if not is_there),
                unescape(file[1]) if file else "",
            )
        )
    return found


def _prefix(form: str) -> str:
    """Before the names of a search: `alert-` where its words are called `alert-q`."""
    named = re.search(r'name="([a-z0-9_-]*)q" type="search"', form)
    return named[1] if named else ""
