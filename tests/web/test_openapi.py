"""The description of the API is whole, right, and what the server does whatever is thrown at it."""

import re
import zlib
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from chalicelib.archive.models import PageRow
from chalicelib.identity.permissions import ROLES as TABLE
from chalicelib.web.application import all_routes
from chalicelib.web.routing import Route
from tests.renewal import renew
from tests.town import ROLES, Town

CALLS = [route for route in all_routes() if route.kind == "api"]
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.unsupported_method,
]


@pytest.fixture(scope="session")
def document(shared_town: Town) -> dict[str, Any]:
    answer = shared_town.visitor().get("/api/openapi.json")
    assert answer.status == 200
    told: dict[str, Any] = answer.json
    return told


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_call_is_in_it_and_nothing_else(document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, operations in document["paths"].items() for method in operations
    }
    assert described == {(route.method, route.path) for route in all_routes() if route.kind == "api"}
    names = [op["operationId"] for ops in document["paths"].values() for op in ops.values()]
    assert len(names) == len(set(names))


def test_every_call_says_what_it_does_and_who_may(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"] and operation["description"], (method, path)
            public = operation["x-permission"] == "public"
            assert operation["security"] == ([] if public else [{"session": []}])


def test_the_readable_page_names_every_call(shared_town: Town, document: dict[str, Any]) -> None:
    shown = re.sub(r"<[^>]+>", "", shared_town.visitor().get("/api").text)
    for path in document["paths"]:
        assert path in shown


def who_asks(case: schemathesis.Case) -> str | None:
    """Mostly somebody who may, now and then anybody else; the same for the same request."""
    draw = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode("utf-8", "replace"))
    permitted = [
        role
        for role in ROLES
        if case.operation.definition.raw["x-permission"] in {held.value for held in TABLE[role]}
    ]
    others: list[str | None] = [None, *ROLES]
    if not permitted or draw % 5 == 0:
        return others[draw // 5 % len(others)]
    return permitted[draw // 5 % len(permitted)]


@pytest.fixture(scope="module")
def described_api(shared_town: Town) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", shared_town.app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", CALLS, ids=lambda route: f"{route.method} {route.path}")
def test_no_call_fails_and_every_answer_is_as_described(
    described_api: schemathesis.BaseSchema, shared_town: Town, route: Route, mode: GenerationMode
) -> None:
    operation = described_api[route.path][route.method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def throw(case: schemathesis.Case) -> None:
        who = who_asks(case)
        response = case.call(headers=shared_town.bearer(who) if who else {})
        case.validate_response(response, checks=CHECKS)

    throw()


def test_what_is_there_is_answered_as_described(
    described_api: schemathesis.BaseSchema, shared_town: Town
) -> None:
    """Thrown examples find little; here every kind of thing exists."""
    town = shared_town
    ids = renew(town, number="HL-2025-00102").ids
    actor, intake = town.actor("clerk"), town.diwan.archive.intake
    paper = town.diwan.settings.data / "described.pdf"
    paper.write_bytes(b"described")
    document = intake.file(actor, paper, intake.check(kind="other", title="موصوفة", year="٢٠٢٤")).document.id
    with town.diwan.database.transaction() as tx:
        tx.add(
            PageRow(document_id=document, number=1, state="read", width=9, height=9, read_at=town.clock.now())
        )
    wanted: list[tuple[str, str, dict[str, str], int]] = [
        ("/api/v1/me", "clerk", {}, 200),
        ("/api/v1/documents", "clerk", {}, 200),
        ("/api/v1/documents/{document}", "clerk", {"document": document}, 200),
        ("/api/v1/documents/{document}/pages/{number}", "clerk", {"document": document, "number": "1"}, 200),
        ("/api/v1/licences", "citizen", {}, 200),
        ("/api/v1/licences/{id}/pdf", "citizen", {"id": ids["licence"]}, 303),
        ("/api/v1/payments/{id}", "citizen", {"id": ids["payment"]}, 200),
        ("/api/v1/renewals/{id}", "citizen", {"id": ids["application"]}, 200),
    ]
    for path, who, parameters, status in wanted:
        case = described_api[path]["GET"].Case(path_parameters=parameters)
        response = case.call(headers=town.bearer(who), follow_redirects=False)
        assert response.status_code == status, (path, response.text)
        case.validate_response(response, checks=CHECKS[:5])
    described = {route.path for route in CALLS if route.method == "GET"}
    assert described - {path for path, *_ in wanted} == {"/api/v1/search"}
