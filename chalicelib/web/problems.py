"""Errors for programs: RFC 9457 problem+json, with the sentence in the caller's language."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from chalicelib.kernel.errors import FieldMalformed, FieldMissing, FieldsInvalid, FieldTooLong, Refusal
from chalicelib.kernel.money import Money
from chalicelib.web.request import HttpRefusal, Request
from chalicelib.web.responses import Response

STATUS = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "too_many": 429,
    "unavailable": 503,
}


class FieldUnknown(Refusal):
    """A body holds a field that is not asked for."""

    code = "field-unknown"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457; `code` is stable, `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem] = []
    data: dict[str, Any] = {}


def status_of(refusal: Refusal) -> int:
    """The status of HTTP that says what the refusal says."""
    return refusal.status if isinstance(refusal, HttpRefusal) else STATUS[refusal.kind]


def problem(request: Request, refusal: Refusal, status: int) -> Response:
    """A refusal as a problem."""
    say = request.diwan.pages.localisation(request.language).refusal
    fields = refusal.fields if isinstance(refusal, FieldsInvalid) else {}
    if status == 500:
        code, detail = (
            "internal-error",
            request.diwan.pages.localisation(request.language).text(
                "refusal-internal-error", request=request.request_id
            ),
        )
    else:
        code, detail = refusal.code, say(refusal)
    return _response(
        Problem(
            type=f"/problems/{code}",
            title=code.replace("-", " "),
            status=status,
            detail=detail,
            code=code,
            request_id=request.request_id,
            errors=[
                FieldProblem(field=name, code=wrong.code, detail=say(wrong)) for name, wrong in fields.items()
            ],
            data={} if fields else {name: _plain(value) for name, value in refusal.data.items()},
        )
    )


def validation_problem(request: Request, error: ValidationError) -> Response:
    """A body that does not fit its model: 422 with every field at fault, each with pydantic's code and our sentence."""
    words = request.diwan.pages.localisation(request.language)
    return _response(
        Problem(
            type="/problems/body-invalid",
            title="body invalid",
            status=422,
            detail=words.text("refusal-body-invalid"),
            code="body-invalid",
            request_id=request.request_id,
            errors=[
                FieldProblem(
                    field=".".join(map(str, wrong["loc"])),
                    code=wrong["type"],
                    detail=words.refusal(_field_refusal(wrong)),
                )
                for wrong in error.errors(include_url=False, include_input=False)
            ],
        )
    )


def _field_refusal(wrong: Mapping[str, Any]) -> Refusal:
    """What pydantic finds wrong, as something that has a sentence in every language."""
    if wrong["type"] == "string_too_long":
        return FieldTooLong(limit=wrong["ctx"]["max_length"])
    if wrong["type"] in ("missing", "string_too_short"):
        return FieldMissing()
    return FieldUnknown() if wrong["type"] == "extra_forbidden" else FieldMalformed()


def _response(said: Problem) -> Response:
    return Response(
        said.model_dump_json(),
        said.status,
        {"Content-Type": "application/problem+json", "Cache-Control": "no-store"},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return str(value)
    return value
