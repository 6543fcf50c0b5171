"""The published schema, made of the same values as the routes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from agent_console import __version__
from agent_console.server.web.endpoints import Endpoint
from agent_console.sync.wire import TroubleAnswer

_PART = re.compile(r"\{(\w+)\}")
_JSON = "application/json"
Told = dict[str, Any]

_REASONS = {
    200: "Done", 201: "Made", 202: "Taken so far", 204: "Done", 206: "A part", 400: "Not what the schema says",
    401: "No token that counts", 403: "Not for this person or device", 404: "Not there, or not in sight",
    405: "Not this method", 408: "The body did not come", 409: "Something else stands there", 413: "Too large",
    415: "Not this type of body", 416: "Not that part", 426: "The seat is too old", 429: "Later", 503: "Later",
}  # fmt: skip


def schema_of(endpoints: Sequence[Endpoint]) -> Told:
    """OpenAPI 3.1 of these endpoints."""
    kinds = {TroubleAnswer, *(kind for one in endpoints for kind in (one.takes, one.gives) if kind is not None)}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    shapes, components = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")
    by_kind = dict(zip(ordered, shapes, strict=True))
    paths: Told = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, by_kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "agent-console", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, by_kind: dict[type, Told]) -> Told:
    trouble = {_JSON: {"schema": by_kind[TroubleAnswer]}}
    answers: Told = {str(status): _success(endpoint, status, by_kind) for status in endpoint.success}
    for status in endpoint.statuses:
        answers[str(status)] = {"description": _REASONS[status], "content": trouble}
    told: Told = {"operationId": endpoint.name, "summary": endpoint.summary, "responses": answers}
    if parameters := [*_path_parts(endpoint), *_query(endpoint)]:
        told["parameters"] = parameters
    if endpoint.takes is not None:
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": by_kind[endpoint.takes]}}}
    elif endpoint.takes_media:
        shape = {"type": "string", "format": "binary"}
        told["requestBody"] = {"required": True, "content": {endpoint.takes_media: {"schema": shape}}}
    if endpoint.needs_token:
        told["security"] = [{"token": []}]
    return told


def _success(endpoint: Endpoint, status: int, by_kind: dict[type, Told]) -> Told:
    told: Told = {"description": _REASONS[status]}
    if endpoint.media:
        shape = {"type": "object" if endpoint.media == _JSON else "string"}
        told["content"] = {endpoint.media: {"schema": shape}}
    elif endpoint.gives is not None:
        told["content"] = {_JSON: {"schema": by_kind[endpoint.gives]}}
    return told


def _path_parts(endpoint: Endpoint) -> list[Told]:
    shape = {"type": "string", "minLength": 1}
    return [{"name": name, "in": "path", "required": True, "schema": shape} for name in _PART.findall(endpoint.path)]


def _query(endpoint: Endpoint) -> list[Told]:
    if endpoint.query is None:
        return []
    [_], components = msgspec.json.schema_components([endpoint.query], ref_template="{name}")
    fields: Told = components[endpoint.query.__name__]["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": shape} for name, shape in fields.items()]
