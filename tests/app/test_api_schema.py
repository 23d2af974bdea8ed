"""The whole API against its own description."""

from __future__ import annotations

import os
import re
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer

ROUNDS = int(os.environ.get("ZHANGGUI_ROUNDS", "1"))
EXAMPLES = 3 if ROUNDS == 1 else 5 * ROUNDS
"""Of each operation. `make test` draws the same ones each time; `make endure` draws others, and more."""

JUDGED_HERE = [positive_data_acceptance, ignored_auth]
"""The first cannot tell a body that is described wrongly from one that means nothing; the second has a test below."""
BEYOND_A_SCHEMA = (
    "http.bad_cursor",  # any text fits the description, only ours opens
    "http.not_text",  # NUL in the name of a field that nobody knows
    "recommend.nobody_named",
    "recommend.unusable_vectors",  # all zeros have no direction; one space has one length
    "audience.(nobody_meant|bad_correction)",
    "recommend.nothing_to_ask: None of the places",  # which places were served, the shop knows
    "audience.bad_segment_rule",  # likewise
    "recommend.(bad_filter|bad_rule|unknown_value)",  # a language of its own; parts that must go together
    "shop.event_refused: .*(neither customer_id nor visitor_id|days|ahead|names no)",
    "shop.event_refused: .*got `float`",  # JSON Schema counts 1.0 among the integers, we do not
    "shop.(bad_map|bad_file|basis_missing)",  # what a file is, and what its rows need, is known once it is read
    "shop.id_mismatch",
    "shop.unknown_outlet",  # which there are, the settings say
    "recommend.unknown_surface",  # for which places everybody's consent is known, the program says
    "trust.bad_anchor",
    "trust.(not_confirmed|no_contract|unknown_table)",  # twice the same; what a country asks for; what the shop holds
    "trust.unknown_(scope|role)",
    "trust.untold_separate_ask",  # what an act must tell, its article says
    "trust.too_few_shops",  # how many there are, the installation knows
    "input.invalid: .*got `float`",
    "input.invalid: .*(worth more than|why_unknown|an effect)",
)
"""What input may be refused for although it fits its description: between two fields, or only known to the shop."""
ANSWERED_BY_PLACE = {"POST /v1/teahouse/events/batch"}
"""A batch is taken line by line: what does not fit is refused by its place, and the answer is 200."""

pytestmark = [pytest.mark.endure, pytest.mark.timeout(600 * ROUNDS)]


@pytest.fixture(scope="module")
def document(server: RunningServer) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.address}/schema/openapi.json", trust_env=False).json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "put", "post", "patch", "delete"}
    ]


def test_every_operation_has_an_id_a_docstring_and_its_errors(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert operation["operationId"], (path, method)
        assert len(operation["description"]) > 5, (path, method)
        if path.startswith("/v1/"):
            assert operation["security"] == [{"key": []}], (path, method)
            assert {"401", "403", "404", "422", "500"} <= set(operation["responses"]), (path, method)


def test_every_operation_that_needs_a_key_names_its_scope(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        named = re.findall(r"Needs the scope `[a-z_]+:[a-z_]+`\.", operation["description"])
        assert len(named) == bool(operation.get("security")), (path, method)


def test_every_operation_is_described_by_its_own_handler(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert "thread pool" not in operation["description"], (path, method)


def test_an_event_s_body_is_described(document: dict[str, Any]) -> None:
    for path in ("/v1/{shop}/events", "/v1/{shop}/events/batch"):
        assert document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"], path


def test_every_path_parameter_says_what_it_is(document: dict[str, Any]) -> None:
    named = [
        (path, method, parameter)
        for path, method, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path"
    ]
    assert len(named) > 50
    for path, method, parameter in named:
        assert parameter.get("description"), (path, method, parameter["name"])


def test_a_body_that_a_route_describes_itself_is_in_the_description(document: dict[str, Any]) -> None:
    bodies = {operation["operationId"]: operation.get("requestBody") for _, _, operation in operations(document)}

    assert set(bodies["PostEvent"]["content"]) == {"application/json"}
    assert set(bodies["PostEvents"]["content"]) == {"application/json", "application/x-ndjson"}


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(set(ids)) == len(ids)


@pytest.fixture(scope="module")
def api(server: RunningServer, document: dict[str, Any]) -> Any:
    """The description with the shop's name filled in: random names would all end at "no such shop"."""
    paths = {}
    for path, methods in document["paths"].items():
        operations_of_path = {}
        for method, operation in methods.items():
            kept = [one for one in operation.get("parameters", []) if one.get("name") != "shop"]
            operations_of_path[method] = {**operation, "parameters": kept}
        paths[path.replace("{shop}", SHOP)] = operations_of_path
    loaded = schemathesis.openapi.from_dict({**document, "paths": paths})
    loaded.config.update(base_url=server.address)
    loaded.config.generation.update(allow_extra_parameters=False, with_security_parameters=False)
    statuses = loaded.config.checks.negative_data_rejection.expected_statuses
    loaded.config.checks.negative_data_rejection.expected_statuses = [*statuses, "413"]
    return loaded


def takes_any_text(operation: dict[str, Any]) -> bool:
    """No body, and nothing but text of any kind in the path: no input is wrong, and 459 draws would find none."""
    said = [{**one["schema"], "in": one["in"]} for one in operation["parameters"]]
    bare = [{name: value for name, value in one.items() if name not in {"title", "description"}} for one in said]
    return "requestBody" not in operation and all(one == {"in": "path", "type": "string"} for one in bare)


def failure_of(operation: Any, mode: GenerationMode, server: RunningServer) -> str:
    """What schemathesis finds on one operation; empty when it finds nothing."""

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],  # shrinking a shop's worth of JSON takes minutes
        deadline=None,
        derandomize=ROUNDS == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:
        response = case.call(headers=server.headers, timeout=60)
        by_place = [negative_data_rejection] if operation.label in ANSWERED_BY_PLACE else []
        case.validate_response(response, excluded_checks=[*JUDGED_HERE, *by_place])
        if mode is GenerationMode.POSITIVE and response.status_code in {400, 422}:
            problem = response.json()
            seen = f"{problem['code']}: {problem['detail']}"
            assert any(re.match(allowed, seen) for allowed in BEYOND_A_SCHEMA), f"{seen}\n{case.as_curl_command()}"

    try:
        hold()
    except Unsatisfiable:
        return ""  # nothing can be wrong with it: no parameters, no body
    except AssertionError as error:
        return f"{operation.label} ({mode.value}): {error}"
    except BaseExceptionGroup as error:
        return f"{operation.label} ({mode.value}): " + "\n".join(str(one) for one in error.exceptions)
    return ""


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_schemathesis_finds_nothing(api: Any, mode: GenerationMode, server: RunningServer) -> None:
    operations_of_api = [each.ok() for each in api.get_all_operations()]
    can_fail = [
        each for each in operations_of_api if mode is GenerationMode.POSITIVE or not takes_any_text(each.definition.raw)
    ]
    found = [failure_of(each, mode, server) for each in can_fail]

    assert len(can_fail) > 0.7 * len(operations_of_api)
    assert not [failure for failure in found if failure], "\n\n".join(failure for failure in found if failure)


def test_no_route_of_a_shop_answers_without_a_key(server: RunningServer, document: dict[str, Any]) -> None:
    with httpx.Client(base_url=server.address, trust_env=False, timeout=60) as client:
        for path, method, _ in operations(document):
            if path.startswith("/v1/"):
                for headers in ({}, {"Authorization": "Bearer zg_sk_no_such"}):
                    filled = re.sub(r"\{[a-z_]+\}", "x", path.replace("{shop}", SHOP))
                    answer = client.request(method, filled, headers=headers)
                    assert answer.status_code in {401, 429}, (method, path, answer.text)
