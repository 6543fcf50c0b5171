"""Security by trying: tokens that do not count, bodies that are none, paths and headers that trick."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent_console.domain.instants import MINUTE
from agent_console.server.people import audit
from agent_console.server.web.app import every_endpoint
from agent_console.server.web.endpoints import Endpoint
from agent_console.sync.wire import TAKEN_BYTES

from .people import LINE, Server, bearer, code_of

ENDPOINTS = {one.name: one for one in every_endpoint()}
WITH_TOKEN = sorted(name for name, one in ENDPOINTS.items() if one.needs_token)
WITH_BODY = sorted(name for name, one in ENDPOINTS.items() if one.takes is not None)
WATCHED = sorted(name for name, one in ENDPOINTS.items() if one.scope)
SHA = "0" * 64
DEEP = b"[" * 100_000


def _path(endpoint: Endpoint) -> str:
    return endpoint.path.replace("{stream}", "order:1").replace("{sha256}", SHA)


async def _token(server: Server, sort: str) -> str:
    session = await server.sign_in()
    if sort == "expired":
        server.clock.set(server.clock.now() + 15 * MINUTE)
    elif sort == "locked":
        await server.people.lock(LINE, "op1")
    elif sort == "revoked":
        await server.people.end_sessions(LINE, "op1")
    elif sort == "device revoked":
        await server.people.revoke_device("device-of-op1")
    elif sort == "renewed":
        await server.renew(session["refresh"])
    elif sort == "refresh":
        return str(session["refresh"])
    return str(session["token"])


@pytest.mark.parametrize("sort", ["expired", "locked", "revoked", "device revoked", "renewed", "refresh"])
async def test_no_endpoint_serves_a_token_that_does_not_count(server: Server, sort: str) -> None:
    token = await _token(server, sort)
    said = {}
    for name in WITH_TOKEN:
        answer = await server.client.request(ENDPOINTS[name].method, _path(ENDPOINTS[name]), headers=bearer(token))
        said[name] = (answer.status_code, set(answer.json()))
    assert said == dict.fromkeys(WITH_TOKEN, (401, {"error"}))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "Bearer ")],
        [("authorization", "Basic b3AxOnBhc3M=")],
        [("authorization", "Bearer geraten")],
        [("authorization", f"Bearer {'x' * 5000}")],
        [("authorization", "Bearer a"), ("authorization", "Bearer b")],
        [("cookie", "token={token}")],
        [("x-forwarded-user", "lead1"), ("x-remote-user", "lead1")],
    ],
    ids=str,
)
async def test_no_endpoint_serves_who_shows_no_token(server: Server, headers: list[tuple[str, str]]) -> None:
    token = (await server.sign_in())["token"]
    shown = [(name, value.replace("{token}", token)) for name, value in headers]
    said = {}
    for name in WITH_TOKEN:
        endpoint = ENDPOINTS[name]
        address = f"{_path(endpoint)}?token={token}&access_token={token}"
        said[name] = (await server.client.request(endpoint.method, address, headers=shown)).status_code
    assert said == dict.fromkeys(WITH_TOKEN, 401)


@pytest.mark.parametrize("account", ["op1", "clerk1"])
async def test_a_lower_role_does_not_watch_the_seats(server: Server, account: str) -> None:
    headers = bearer((await server.sign_in(account))["token"])
    said = {}
    for name in WATCHED:
        said[name] = (
            await server.client.request(ENDPOINTS[name].method, _path(ENDPOINTS[name]), headers=headers)
        ).status_code
    assert WATCHED
    assert said == dict.fromkeys(WATCHED, 403)


async def test_a_unit_cannot_tell_the_seats_anything(server: Server) -> None:
    headers = bearer((await server.sign_in("clerk1"))["token"])
    answer = await server.client.post("/v1/messages", json={"id": "m1", "to": "", "text": "x"}, headers=headers)
    assert answer.status_code in (400, 403)


BAD_BODIES: dict[str, tuple[bytes, str, set[int]]] = {
    "nothing": (b"", "application/json", {400}),
    "cut off": (b'{"account": "op', "application/json", {400}),
    "of another shape": (b"[1, 2, 3]", "application/json", {400}),
    "a number": (b"1e999", "application/json", {400}),
    "deeply nested": (DEEP, "application/json", {400, 413}),
    "deeply nested inside": (b'{"entries":' + DEEP, "application/json", {400, 413}),
    "not UTF-8": (b'{"account": "\xff\xfe"}', "application/json", {400}),
    "half a character": (b'{"account": "\\ud800"}', "application/json", {400}),
    "zeros": (b'{"account": "\\u0000", "refresh": "\\u0000"}', "application/json", {400, 401}),
    "of another type": (b"<a/>", "text/xml", {415}),
    "without a type": (b"{}", "", {415}),
    "too large": (b'{"text": "' + b"x" * (TAKEN_BYTES + 1) + b'"}', "application/json", {413}),
}


@pytest.mark.parametrize("sort", sorted(BAD_BODIES))
async def test_a_body_that_is_none_is_refused_and_changes_nothing(server: Server, sort: str) -> None:
    body, kind, expected = BAD_BODIES[sort]
    token = (await server.sign_in("lead1"))["token"]
    headers = {**bearer(token), **({"content-type": kind} if kind else {})}
    said = {}
    for name in WITH_BODY:
        answer = await server.client.request(
            ENDPOINTS[name].method, _path(ENDPOINTS[name]), content=body, headers=headers
        )
        said[name] = answer.status_code
    assert {name: status for name, status in said.items() if status not in expected} == {}
    assert await server.door(token) == ""


@pytest.mark.parametrize("field", ["id", "seat", "actor", "stream", "command", "rule_book", "event"])
async def test_an_entry_with_a_zero_in_a_name_breaks_nothing(server: Server, field: str) -> None:
    """PostgreSQL has no room for it in a text; the entry is refused, and the next push is served."""
    lead = await server.sign_in("lead1")
    step = {"stream": "order:1", "base": 0, "command": "note", "body": {}, "events": ["e1"]}
    entry: dict[str, Any] = dict.fromkeys(("id", "jurisdiction", "rule_book", "calendar", "seat", "actor", "role"), "x")
    entry |= {"n": 1, "at": server.clock.now(), "steps": [step]}
    step.update({field: "a\0b"} if field in step else {"events": ["a\0b"]} if field == "event" else {})
    entry.update({field: "a\0b"} if field in entry else {})
    shown = {"device": "device-of-lead1", "device_key": lead["device_key"], "epoch": lead["epoch"], "protocol": 1}
    push = {**shown, "now": server.clock.now(), "entries": [entry]}
    answer = await server.client.post("/v1/push", json=push, headers=bearer(lead["token"]))
    assert answer.status_code in (200, 400), answer.text
    again = await server.client.post("/v1/push", json={**push, "entries": []}, headers=bearer(lead["token"]))
    assert again.status_code == 200


async def test_a_body_that_grows_while_it_is_sent_is_cut_off(server: Server) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65536

    headers = {"content-type": "application/json"}
    answer = await server.client.post("/v1/sign-in", content=endless(), headers=headers)
    assert (answer.status_code, code_of(answer)) == (413, "too_large")
    assert sent < 5


PATHS = (
    "//v1/health", "/v1/health/", "/V1/health", "/v1/../v1/push", "/v1/%2e%2e/%2e%2e/etc/passwd",
    "/v1/files/..%2f..%2fserver.db",
    "/v1/files/" + "a" * 5000, "/v1/streams/%00", "/v1/streams/order%3A1%00", "/v1/streams/%ff%fe", "/v1/streams/..",
    "/v1/streams/order:1'%20OR%20'1'='1", "/.env", "/server.db", "/v1/health%00.json",
    "/v1/openapi.json/../../master.key",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_that_tricks_leads_nowhere(server: Server, path: str) -> None:
    headers = bearer((await server.sign_in("lead1"))["token"])
    for method in ("GET", "POST", "PUT"):
        answer = await server.client.request(
            method, server.client.base_url.copy_with(raw_path=path.encode()), headers=headers
        )
        assert answer.status_code in (400, 401, 403, 404, 405, 415), (method, answer.text)
        assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "X" * 300])
async def test_a_method_nobody_declared_does_nothing(server: Server, method: str) -> None:
    headers = bearer((await server.sign_in("lead1"))["token"])
    for name in sorted(ENDPOINTS):
        answer = await server.client.request(method, _path(ENDPOINTS[name]), headers=headers)
        assert (answer.status_code, code_of(answer)) == (405, "method")


async def test_headers_do_not_change_method_path_or_person(server: Server) -> None:
    operator = (await server.sign_in())["token"]
    tricks = {
        "x-http-method-override": "DELETE",
        "x-original-url": "/v1/seats",
        "x-rewrite-url": "/v1/seats",
        "x-forwarded-host": "evil.example",
        "x-forwarded-for": "127.0.0.1",
        "host": "evil.example",
        "x-account": "lead1",
    }
    answer = await server.client.get("/v1/health", headers={**tricks, **bearer(operator)})
    assert answer.json()["service"] == "agent-console"
    assert "evil.example" not in answer.text
    assert (await server.client.get("/v1/seats", headers={**tricks, **bearer(operator)})).status_code == 403


async def test_every_answer_forbids_keeping_and_guessing(server: Server) -> None:
    for path in ("/v1/health", "/v1/openapi.json", "/v1/push", "/nowhere"):
        headers = (await server.client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


async def test_what_breaks_inside_is_not_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> None:
        raise ValueError("来电人示例甲 13800000001")

    monkeypatch.setattr(server.app.state.services, "epoch", broken)
    monkeypatch.setattr(server.app.state.sessions, "sign_in", broken)
    answer = await server.try_sign_in()
    assert (answer.status_code, code_of(answer)) == (500, "broken")
    assert "13800000001" not in answer.text


async def test_the_files_of_the_server_are_for_its_owner_only(server: Server, store: str) -> None:
    if "://" in store:
        pytest.skip("PostgreSQL keeps its own files")
    await server.sign_in()
    folder = Path(store).parent
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}
    assert oct(folder.stat().st_mode & 0o777) == "0o700"


async def test_the_audit_names_numbers_of_orders_and_no_caller(server: Server) -> None:
    token = (await server.sign_in("clerk1"))["token"]
    await server.client.get("/v1/streams/order:01a20188-41b5-765b-a1f8-5c9f031ca5f8", headers=bearer(token))
    await server.client.get("/v1/streams/13800000001", headers=bearer(token))
    looked = [line for line in await audit.lines(server.database, account="clerk1") if line.outcome == "refused"]
    assert len(looked) == 2
    assert "13800000001" not in repr(looked)
    assert "order:01a20188-41b5-765b-a1f8-5c9f031ca5f8" in repr(looked)
