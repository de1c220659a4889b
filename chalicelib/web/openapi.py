"""OpenAPI 3.1 of the API, made from the routes and their pydantic models."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from chalicelib.identity.permissions import Permission
from chalicelib.web.problems import Problem
from chalicelib.web.routing import Route

_REF = "#/components/schemas/{model}"
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "8 to 100 visible ASCII characters; the same key and body get the first answer again",
    "schema": {"type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[!-~]+$"},
}
# Every route may answer these; the rest are the route's own.
_ALWAYS = {"400": "malformed", "401": "sign in first", "403": "not permitted", "404": "no such thing"}
_SOMETIMES = {
    "409": "in conflict with what is there",
    "413": "body too large",
    "422": "understood and refused",
    "429": "too often",
    "503": "not now",
}


def openapi(routes: Sequence[Route], title: str, version: str) -> dict[str, Any]:
    """The document; routes that are pages are left out."""
    api = [route for route in routes if route.kind == "api"]
    models = {model for route in api for model in (route.body,) if model is not None} | {Problem}
    definitions = models_json_schema([(model, "validation") for model in models], ref_template=_REF)[1]
    schemas: dict[str, Any] = dict(definitions.get("$defs", {}))
    paths: dict[str, Any] = {}
    for route in api:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", route.path)
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in route.query
    ]
    if route.makes:
        parameters.append(_IDEMPOTENCY)
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rsplit('.', 1)[-1]}_{route.handler.__name__}",
        "tags": [route.capability],
        "summary": route.summary,
        "description": (route.handler.__doc__ or "").strip(),
        "parameters": parameters,
        "security": [] if route.permission is Permission.PUBLIC else [{"session": []}],
        "responses": {str(route.status): _success(route, schemas), **_problems()},
        "x-permission": route.permission.value,
    }
    if route.body is not None:
        schema = {"$ref": _REF.format(model=route.body.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _success(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    if route.status == 303:
        return {"description": "where it is", "headers": {"Location": {"schema": {"type": "string"}}}}
    if route.returns is None:
        return {"description": "done"}
    schema = TypeAdapter(route.returns).json_schema(ref_template=_REF, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    return {"description": "as asked", "content": {"application/json": {"schema": schema}}}


def _problems() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
    return {
        code: {"description": says, "content": content} for code, says in {**_ALWAYS, **_SOMETIMES}.items()
    }
