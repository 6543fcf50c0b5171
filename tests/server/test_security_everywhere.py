"""Every operation of the published schema: tokens from elsewhere, roles that may not, bodies nobody asked for.

What may be asked, and by whom, is read from the schema and compared with the lists here, so that an operation that is
new stands in neither and fails until somebody has thought of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from agent_console.server.people.keys import Cabinet
from agent_console.server.store.database import open_database
from agent_console.server.web.app import every_endpoint
from agent_console.server.web.openapi import schema_of
from agent_console.sync.wire import TAKEN_BYTES
from tests.support.clock import SettableClock

from .people import PASSWORD, Server, bearer, code_of

OPEN = {"health", "schema", "ready", "metrics", "sign_in", "refresh"}
"""What is answered without a token."""
LINE_AND_UNITS = {
    "push", "feed", "feed_stream", "stream", "conflicts", "seat_state", "file_state", "put_file", "get_file",
    "sign_out",
}  # fmt: skip
"""What every role may ask; how much it is told follows from what it has in sight."""
LEADS = {"seats", "seats_stream", "message"}
"""What only those who lead a line may ask."""
OTHER_LINE = "hebi"
ENDLESS = "text/event-stream"
TRICKS = {
    "range": "bytes=-1,0-99999999999999999999",
    "content-range": "bytes 0-18446744073709551615/*",
    "last-event-id": "9" * 400,
    "content-encoding": "gzip",
    "transfer-encoding": "gzip, chunked",
    "accept": "text/html;q=banana",
    "content-type": "application/json; charset=utf-7",
    "x-long": "x" * 20_000,
}


class Operation(NamedTuple):
    """One thing of the schema: how it is asked, and what it says of itself."""

    method: str
    path: str
    told: dict[str, Any]

    @property
    def address(self) -> str:
        return self.path.replace("{stream}", "order:1").replace("{sha256}", "0" * 64) + "?stream=order:1"

    @property
    def is_endless(self) -> bool:
        return ENDLESS in self.told["responses"]["200"].get("content", {}) if "200" in self.told["responses"] else False


def _operations() -> dict[str, Operation]:
    return {
        told["operationId"]: Operation(method.upper(), path, told)
        for path, methods in schema_of(every_endpoint())["paths"].items()
        for method, told in methods.items()
    }


OPERATIONS = _operations()
WITH_TOKEN = sorted(name for name, one in OPERATIONS.items() if one.told.get("security"))
BODY: dict[str, Any] = {"message": {"id": "m1", "to": "", "text": "请回电"}}


async def _ask(server: Server, name: str, token: str = "", **more: Any) -> httpx.Response:
    one = OPERATIONS[name]
    if one.told.get("requestBody") and not more:
        more = {"json": BODY.get(name, {})}
    headers = {**more.pop("headers", {}), **(bearer(token) if token else {})}
    return await server.client.request(one.method, one.address, headers=headers, **more)


@asynccontextmanager
async def _another(folder: Path, clock: SettableClock) -> AsyncIterator[Server]:
    """A server of its own with the same people."""
    database = await open_database(str(folder / "another.db"))
    made = Server(database, clock)
    await made.begin()
    async with made.client:
        yield made
    await database.close()


def test_the_schema_says_of_every_operation_what_is_known_here() -> None:
    assert set(OPERATIONS) - set(WITH_TOKEN) == OPEN
    assert set(WITH_TOKEN) == LINE_AND_UNITS | LEADS


async def test_a_token_of_another_server_opens_nothing(server: Server, clock: SettableClock, tmp_path: Path) -> None:
    async with _another(tmp_path, clock) as other:
        token = (await other.sign_in("lead1"))["token"]
    said = {name: (await _ask(server, name, token)).status_code for name in WITH_TOKEN}
    assert said == dict.fromkeys(WITH_TOKEN, 401)


@pytest.mark.parametrize("account", ["op1", "clerk1"])
async def test_what_leads_may_ask_is_refused_to_everybody_else(server: Server, account: str) -> None:
    token = (await server.sign_in(account))["token"]
    said = {name: await _ask(server, name, token) for name in sorted(LEADS)}
    assert {name: (answer.status_code, code_of(answer)) for name, answer in said.items()} == dict.fromkeys(
        sorted(LEADS), (403, "not_your_role")
    )


@pytest.mark.parametrize("account", ["op1", "clerk1", "lead1"])
async def test_what_every_role_may_ask_is_not_refused_for_the_role(server: Server, account: str) -> None:
    """And of a stream or a file that does not exist or is not in sight nothing is told."""
    token = (await server.sign_in(account))["token"]
    for name in sorted(LINE_AND_UNITS - {"sign_out"}):
        if OPERATIONS[name].is_endless:
            continue
        answer = await _ask(server, name, token)
        assert answer.status_code in (200, 400, 404, 415), (name, answer.text)
        if "{" in OPERATIONS[name].path and answer.status_code == 200:
            assert not any(answer.json().get(told) for told in ("rows", "size", "whole")), (name, answer.text)


async def test_somebody_of_another_line_sees_nothing_of_this_one(server: Server) -> None:
    cabinet: Cabinet = server.cabinet
    await server.people.begin(OTHER_LINE, cabinet)
    await server.people.add(OTHER_LINE, "lead2", "赵班长", "lead", "", PASSWORD)
    foreign = (await server.sign_in("lead2", jurisdiction=OTHER_LINE))["token"]
    own = (await server.sign_in("lead1"))["token"]
    assert (await _ask(server, "message", own)).status_code == 200
    shown = await server.client.get("/v1/feed", headers=bearer(own))
    assert "请回电" in shown.text
    for name in ("feed", "conflicts", "seats"):
        answer = await _ask(server, name, foreign)
        assert answer.status_code == 200, answer.text
        assert "请回电" not in answer.text
        assert "device-of-lead1" not in answer.text


async def test_a_token_pushes_for_its_own_device_only(server: Server) -> None:
    lead, operator = await server.sign_in("lead1"), await server.sign_in("op1")
    push = {"device": "device-of-lead1", "device_key": lead["device_key"], "epoch": lead["epoch"], "protocol": 1}
    body = {**push, "now": server.clock.now(), "entries": []}
    assert (await _ask(server, "push", operator["token"], json=body)).status_code == 403
    assert (await _ask(server, "push", lead["token"], json=body)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"x" * (TAKEN_BYTES + 1), b'{"a":' * 50_000 + b"1", b"[" * 1_000_000, b"\x00" * 4096, b'{"a":1}{"b":2}'],
    ids=["too large", "nested objects", "nested lists", "zeros", "two at once"],
)
@pytest.mark.parametrize("kind", ["application/json", "application/octet-stream"])
async def test_no_operation_breaks_over_a_body_nobody_asked_for(server: Server, body: bytes, kind: str) -> None:
    token = (await server.sign_in("lead1"))["token"]
    for name, one in OPERATIONS.items():
        if one.is_endless or name == "sign_out":
            continue
        answer = await _ask(server, name, token, content=body, headers={"content-type": kind})
        assert str(answer.status_code) in one.told["responses"], (name, answer.status_code, answer.text)
        if one.told.get("requestBody"):
            assert answer.status_code in (400, 403, 404, 413, 415), (name, answer.text)
    assert await server.door(token) == ""


@pytest.mark.parametrize("header", sorted(TRICKS))
async def test_no_operation_breaks_over_a_header_that_tricks(server: Server, header: str) -> None:
    token = (await server.sign_in("lead1"))["token"]
    for name, one in OPERATIONS.items():
        if (one.is_endless and header != "last-event-id") or name == "sign_out":
            continue
        if one.is_endless and name != "feed_stream":
            continue
        answer = await _ask(server, name, token, content=b"{}", headers={header: TRICKS[header]})
        assert str(answer.status_code) in one.told["responses"], (name, answer.status_code, answer.text)
    assert await server.door(token) == ""
