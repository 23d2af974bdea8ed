"""An evaluation as one page that needs nothing else: its own style, charts as SVG, no host but the reader's disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from .results import AgainstLine, AuditLine, DataLine, FailedLine, Figure, Line, PlanLine, RowLine

TITLES = {"hit": "HR", "recall": "Recall", "ndcg": "NDCG", "mrr": "MRR", "precision": "Precision"}
_ROOM = 0.92  # of a chart's width: the longest whisker ends short of the edge


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, its ends in percent of the width."""

    label: str
    value: float
    width: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with a title; whiskers where there are intervals."""

    title: str
    bars: Sequence[Bar]


def write_report(path: Path, lines: Sequence[Line]) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(lines), encoding="utf-8")


def page(lines: Sequence[Line]) -> str:
    """The page as text; every word of the files is escaped."""
    from jinja2 import Environment, StrictUndefined

    template = files(__package__).joinpath("report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    rows = [line for line in lines if isinstance(line, RowLine)]
    shown = shown_figures(lines)
    return environment.from_string(template).render(
        data=next(line for line in lines if isinstance(line, DataLine)),
        audit=[line for line in lines if isinstance(line, AuditLine)],
        plan=[line for line in lines if isinstance(line, PlanLine)],
        rows=rows,
        failed=[line for line in lines if isinstance(line, FailedLine)],
        against=[line for line in lines if isinstance(line, AgainstLine)],
        shown=shown,
        titled=titled,
        charts=[_chart(rows, name) for name in shown if name.startswith(("ndcg", "recall", "hit"))],
        groups=[
            (f"Recall@{_longest(shown)} by the events of a history", _groups(rows, "by_history")),
            (f"Found in the first {_longest(shown)} by the people who wanted the product", _groups(rows, "by_warmth")),
        ],
    )


def shown_figures(lines: Sequence[Line]) -> list[str]:
    """`measure@k` of the main table: with one target a case recall is the hit rate."""
    data = next(line for line in lines if isinstance(line, DataLine))
    row = next((line for line in lines if isinstance(line, RowLine)), None)
    ks = sorted({int(name.partition("@")[2]) for name in row.figures}) if row else []
    measures = ("hit", "ndcg", "mrr") if data.cases == data.targets else ("recall", "ndcg", "hit", "mrr")
    return [f"{measure}@{k}" for k in ks for measure in measures]


def titled(name: str) -> str:
    """`ndcg@10` as NDCG@10."""
    measure, _, k = name.partition("@")
    return f"{TITLES[measure]}@{k}"


def _longest(shown: Sequence[str]) -> str:
    return shown[-1].partition("@")[2] if shown else ""


def _chart(rows: Sequence[RowLine], name: str) -> Chart:
    figures = [(row.model, row.figures[name]) for row in rows]
    ends = [_ends(one) for _, one in figures]
    return Chart(titled(name), _bars(figures, max((high for _, high in ends), default=0.0) or 1.0))


def _bars(figures: Sequence[tuple[str, Figure]], most: float) -> list[Bar]:
    """Bars on a scale on which `most` nearly fills the room."""
    scale = 100 * _ROOM / most
    return [
        Bar(label, one.value, one.value * scale, _ends(one)[0] * scale, _ends(one)[1] * scale) for label, one in figures
    ]


def _ends(figure: Figure) -> tuple[float, float]:
    if figure.low is None or figure.high is None:
        return figure.value, figure.value
    return figure.low, figure.high


def _groups(rows: Sequence[RowLine], field: str) -> list[Chart]:
    """A small chart for each group, all on one scale."""
    found = [(row.model, {one.group: one for one in getattr(row, field)}) for row in rows]
    most = max((_ends(one)[1] for _, groups in found for one in groups.values()), default=0.0) or 1.0
    return [
        Chart(f"{group} ({first.count:,})", _bars([(model, groups[group]) for model, groups in found], most))
        for group, first in (found[0][1].items() if found else ())
    ]
