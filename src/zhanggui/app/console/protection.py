"""What protects people's data: alerts, the egress register, the impact assessment and drills for a leak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.app.web.problems import said
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import TableRows
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.errors import InvalidInput, ZhangguiError
from zhanggui.kernel.words import N_
from zhanggui.trust.engines.egress.crossing import SENT
from zhanggui.trust.service.assessing import as_html
from zhanggui.trust.service.assessing.assessor import NEEDS
from zhanggui.trust.types.assessment import BreachDrill, DrillAsk
from zhanggui.trust.types.egress import RegisterHost

from .protection_lists import ALERTS, USES, AlertTable, HostTable
from .separate_form import ACTS, FIELDS, asked_for
from .shell import Console

READ = {"scope": "protection:read"}
WRITE = {"scope": "protection:write", "has_form": True}
ASK = {"scope": "consents:write", "has_form": True}
SENDS: tuple[str, ...] = (
    N_("products"),
    N_("prices"),
    N_("texts of products"),
    N_("ids of customers whom an approved plan reaches"),
    N_("addresses of the team"),
    N_("titles of decisions"),
    N_("amounts"),
    N_("address of the picture"),
    N_("the wrapped master key"),
    N_("kind of the alert"),
    N_("counts"),
    N_("facts of products"),
    N_("texts with personal data taken out"),
)
"""The fields of `SENT`, for the catalogue."""
STEPS: tuple[str, ...] = (
    N_("Stop the leak, keep the evidence, change the keys that may be out: zhanggui master-key rotate"),
    N_("Tell the authority that protects personal information (网信部门) at once"),
    N_("Tell the people concerned, unless what was done effectively avoids harm"),
    N_("Tell the supervisory authority, where people in the EU are concerned"),
    N_("Write down what happened, its effects and what was done; look at the safeguards anew"),
)
"""The steps of a drill, for the catalogue."""
SOURCES: Mapping[str, str] = {
    "settings": N_("named in the settings"),
    "import": N_("named by an import"),
    "person": N_("registered by a person"),
}
DONE: Mapping[str, str] = {
    "seen": N_("Acknowledged."),
    "added": N_("Registered."),
    "removed": N_("Taken out; the next call fails."),
    "asked": N_("Published. Shoppers are asked on their page of their own data."),
    "ended": N_("Ended. Nobody is asked any more, and no yes counts."),
}


class BadHostForm(InvalidInput):
    """What a form says of a host cannot be so."""

    code = "console.bad_host_form"


@get("/console/{shop:str}/protection", include_in_schema=False, sync_to_thread=True, opt=READ)
def protection(console: NamedDependency[Console]) -> Response[str]:
    """Alerts, hosts, the assessment and the drill."""
    return _page(console)


@get("/console/{shop:str}/protection/alerts.csv", include_in_schema=False, sync_to_thread=True, opt=READ)
def alerts_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same alerts as a file."""
    head = ("alert", "time", "kind", "about", "seen", "usual", "told_beyond", "acknowledged_by", "note")
    iso = console.view.formats.iso
    rows = (
        (a.id, iso(from_ms(a.at_ms)), a.kind.value, a.subject, a.seen, a.usual, a.most, a.acknowledged_by, a.note)
        for a in AlertTable.of(console).rows
    )
    return csv_answer("alerts", head, rows)


@get("/console/{shop:str}/protection/egress.csv", include_in_schema=False, sync_to_thread=True, opt=READ)
def egress_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same hosts as a file."""
    head = ("host", "use", "purpose", "fields", "is_personal", "country", "contract", "named_by", "still_needed")
    rows = (
        (
            h.host,
            h.use,
            h.purpose,
            "; ".join(h.fields),
            h.is_personal,
            h.country,
            h.contract,
            h.source,
            "; ".join(h.needs),
        )
        for h in HostTable.of(console).rows
    )
    return csv_answer("egress", head, rows)


@get("/console/{shop:str}/protection/assessment.html", include_in_schema=False, sync_to_thread=True, opt=READ)
def assessment(console: NamedDependency[Console]) -> Response[str]:
    """The impact assessment, to read, print, answer and keep."""
    made = as_html(console.rooms.assessor.assess(console.view.language))
    headers = {"Content-Disposition": 'attachment; filename="assessment.html"'}
    return Response(made, media_type="text/html", headers=headers)


@post("/console/{shop:str}/protection/alerts/{alert_id:str}", include_in_schema=False, sync_to_thread=True, opt=WRITE)
def acknowledge(console: NamedDependency[Console], form: NamedDependency[Any], alert_id: FromPath[str]) -> Redirect:
    """Say that somebody has seen to an alert."""
    console.rooms.watch.acknowledge(alert_id, form.text("note")[:512], console.actor)
    return console.go("/protection", done="seen")


@post(
    "/console/{shop:str}/protection/hosts",
    include_in_schema=False,
    sync_to_thread=True,
    opt=WRITE,
    status_code=200,
)
def add_host(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str] | Redirect:
    """Register a host."""
    try:
        console.rooms.egress.add(_host(form), console.actor)
    except ZhangguiError as error:
        return _page(console, status=422, problem=said(error, console.view.language), tried=form)
    return console.go("/protection", done="added")


@post("/console/{shop:str}/protection/hosts/remove", include_in_schema=False, sync_to_thread=True, opt=WRITE)
def remove_host(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Take a host out."""
    use = next((one for one in EgressUse if one == form.required("use")), EgressUse.OUTBOX)
    console.rooms.egress.remove(form.required("host"), use, console.actor)
    return console.go("/protection", done="removed")


@post(
    "/console/{shop:str}/protection/drill",
    include_in_schema=False,
    sync_to_thread=True,
    opt=WRITE,
    status_code=200,
)
def drill(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """Reckon who would be affected by a leak; nothing is sent."""
    ask = DrillAsk(is_master_key_safe=form.text("master_key") != "lost", cause=form.text("cause")[:512])
    return _page(console, held=console.rooms.drills.hold(ask, console.actor, may_see_ids=False))


@post(
    "/console/{shop:str}/protection/separate",
    include_in_schema=False,
    sync_to_thread=True,
    opt=ASK,
    status_code=200,
)
def ask_separately(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str] | Redirect:
    """Ask shoppers for a separate consent; of a name that is there, ask anew."""
    problem = asked_for(console, form)
    if problem:
        return _page(console, status=422, problem=problem, asked=form)
    return console.go("/protection", done="asked")


@post("/console/{shop:str}/protection/separate/end", include_in_schema=False, sync_to_thread=True, opt=ASK)
def end_separate(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Ask no more."""
    console.rooms.separate_consents.end(form.required("name"), console.actor)
    return console.go("/protection", done="ended")


def _host(form: Form) -> RegisterHost:
    asked = {"host": form.required("host"), "use": form.required("use"), "country": form.required("country").upper()}
    try:
        return msgspec.convert(
            asked | {"contract": form.text("contract"), "separate": form.text("separate")}, RegisterHost
        )
    except msgspec.ValidationError as error:
        hint = "Hosts are written api.example.cn, countries in two letters: CN."
        raise BadHostForm(f"The host cannot be registered: {error}.", hint=hint) from error


def _page(
    console: Console,
    *,
    status: int = 200,
    problem: str = "",
    tried: Form | None = None,
    asked: Form | None = None,
    held: BreachDrill | None = None,
) -> Response[str]:
    alerts, hosts = AlertTable.of(console), HostTable.of(console)
    separate = console.rooms.separate_consents.asks()
    return console.page(
        "trust/protection.html",
        status=status,
        current="protection",
        alerts=TableRows.of(alerts.rows, alerts.ask),
        alert_columns=alerts.columns,
        hosts=TableRows.of(hosts.rows, hosts.ask),
        host_columns=hosts.columns,
        about=alerts.about,
        who=alerts.teller.who,
        kinds=ALERTS,
        uses=USES,
        asks=[one for one in separate if one.ask.is_open and one.ask.receiver],
        separate=separate,
        acts=ACTS,
        fields=FIELDS,
        may_ask=console.may("consents:write"),
        asked=asked,
        sources=SOURCES,
        needs=NEEDS,
        known={field for sent in SENT.values() for field in sent.fields},
        may_write=console.may("protection:write"),
        problem=problem,
        tried=tried,
        held=held,
        done=DONE.get(console.view.query.get("done", ""), ""),
    )


PROTECTION_ROUTES = (
    protection,
    alerts_csv,
    egress_csv,
    assessment,
    acknowledge,
    add_host,
    remove_host,
    drill,
    ask_separately,
    end_separate,
)
