"""The server against its own schema: whatever is sent, no answer breaks and none is undeclared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from agent_console.server.store.database import open_database
from agent_console.server.web.app import every_endpoint
from agent_console.server.web.endpoints import Endpoint
from agent_console.server.web.openapi import schema_of
from agent_console.sync.wire import PROTOCOL
from tests.support.clock import SettableClock
from tests.support.databases import STORES, fresh_database

from .people import Server, bearer

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
ENDLESS = "text/event-stream"
OPERATIONS = {one.name: one for one in every_endpoint() if one.media != ENDLESS}
EXAMPLES = 8
"""Of each sort, right and wrong, for each operation and store; the same every time."""


@asynccontextmanager
async def _server(request: pytest.FixtureRequest, kind: str, folder: Path) -> AsyncIterator[tuple[Server, str, str]]:
    """A server on a store of that kind, a lead's token, and one that may be signed out."""
    if kind == "postgres":
        async with fresh_database(request.getfixturevalue("postgres")) as dsn, _begun(dsn) as begun:
            yield begun
    else:
        async with _begun(str(folder / "server.db")) as begun:
            yield begun


@asynccontextmanager
async def _begun(store: str) -> AsyncIterator[tuple[Server, str, str]]:
    database = await open_database(store)
    server = Server(database, SettableClock())
    await server.begin()
    async with server.app.router.lifespan_context(server.app), server.client:
        lead = await server.sign_in("lead1")
        session = await server.sign_in("lead1", device_key=lead["device_key"])
        server.shown = {"device": "device-of-lead1", "device_key": lead["device_key"], "epoch": lead["epoch"]}
        yield server, session["token"], (await server.sign_in("op1"))["token"]
    await database.close()


def _sent(case: Any) -> dict[str, Any]:
    """The request as httpx takes it; nobody waits for news that does not come."""
    query = dict(case.query or {})
    if query.get("wait"):
        case.query = {**query, "wait": 0}
    told: dict[str, Any] = case.as_transport_kwargs(base_url="http://server.test")
    told.pop("cookies", None)
    told["content"] = told.pop("data", None)
    return {name: value for name, value in told.items() if value is not None}


@pytest.mark.parametrize("kind", STORES)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_every_answer_is_one_the_schema_declares(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(_published())
    tried = set()
    with asyncio.Runner() as runner:
        opened = _server(request, kind, tmp_path)
        server, token, other = runner.run(opened.__aenter__())

        def asked(name: str, case: Any) -> None:
            if name == "push" and mode is GenerationMode.POSITIVE:
                case.body = {**case.body, **server.shown, "protocol": PROTOCOL}
            told = _sent(case)
            headers = {**told.pop("headers", {}), **bearer(other if name == "sign_out" else token)}
            words = {key: told[key] for key in ("method", "url", "params", "content", "json") if key in told}
            try:
                answer = runner.run(server.client.request(headers=headers, **words))
            except (httpx.InvalidURL, UnicodeEncodeError):
                return
            tried.add(name)
            case.validate_response(answer, checks=CHECKS)
            _check_shape(name, answer)

        try:
            for operation in (result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)):
                name = operation.definition.raw["operationId"]
                if name in OPERATIONS and (mode is GenerationMode.POSITIVE or _can_be_wrong(OPERATIONS[name])):
                    _many(operation.as_strategy(generation_mode=mode), partial(asked, name))
        finally:
            runner.run(opened.__aexit__(None, None, None))
    assert tried == {name for name, one in OPERATIONS.items() if mode is GenerationMode.POSITIVE or _can_be_wrong(one)}


def _published() -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema_of(every_endpoint())))
    return told


def _check_shape(name: str, answer: httpx.Response) -> None:
    """The body against the schema as it is published; schemathesis itself mistakes tuples of fixed length."""
    published, endpoint = _published(), OPERATIONS[name]
    declared = published["paths"][endpoint.path][endpoint.method.lower()]["responses"][str(answer.status_code)]
    shape = declared.get("content", {}).get("application/json", {}).get("schema")
    if shape:
        jsonschema_rs.validate({**shape, "components": published["components"]}, answer.json())


def _can_be_wrong(endpoint: Endpoint) -> bool:
    """Whether something can be sent that the schema does not allow."""
    return endpoint.takes is not None or endpoint.query is not None


def _many(strategy: Any, ask: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def every(case: Any) -> None:
        ask(case)

    every()
