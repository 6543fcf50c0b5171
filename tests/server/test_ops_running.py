"""Readiness, figures and log of a server: what operators of the machine see, and what nobody may see there."""

from __future__ import annotations

import json
import logging

import pytest

from agent_console.server.ops.logs import LOGGER, JsonLines
from agent_console.server.ops.serving import tidy
from agent_console.server.people import audit
from tests.support.clock import SettableClock

from .people import PASSWORD, Server, bearer, code_of

DAY = 24 * 3600 * 1_000_000


async def test_it_is_ready_while_the_database_answers(server: Server) -> None:
    answer = await server.client.get("/v1/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


async def test_figures_count_by_the_paths_of_the_schema(server: Server) -> None:
    await server.client.get("/v1/health")
    await server.client.get("/v1/health?number=13800000001")
    await server.client.get("/nowhere/13800000001")
    text = (await server.client.get("/metrics")).text
    assert 'agent_console_requests_total{method="GET",path="/v1/health",status="200"} 2.0' in text
    assert 'path="unknown",status="404"} 1.0' in text
    assert "13800000001" not in text


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded"])
async def test_figures_are_not_for_callers_from_elsewhere(server: Server, header: str) -> None:
    answer = await server.client.get("/metrics", headers={header: "127.0.0.1"})
    assert (answer.status_code, code_of(answer)) == (401, "no_token")
    answer = await server.client.get("/metrics", headers={header: "127.0.0.1", **bearer("geraten")})
    assert (answer.status_code, code_of(answer)) == (401, "unknown_token")


async def test_the_log_tells_of_requests_and_nothing_personal(server: Server, clock: SettableClock) -> None:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines(clock).format(record))

    logger, kept = logging.getLogger(LOGGER), Kept()
    logger.addHandler(kept)
    logger.setLevel(logging.DEBUG)
    try:
        session = await server.sign_in()
        await server.try_sign_in("示例甲13800000001")
        await server.client.get("/v1/health?number=13800000001", headers=bearer(session["token"]))
        await server.client.get("/nowhere/13800000001")
        await server.client.post("/v1/refresh", content=b'{"refresh": "13800000001')
    finally:
        logger.removeHandler(kept)
        logger.setLevel(logging.NOTSET)
    told = [json.loads(line) for line in lines]
    assert [(line["path"], line["status"]) for line in told] == [
        ("/v1/sign-in", 200),
        ("/v1/sign-in", 401),
        ("/v1/health", 200),
        ("unknown", 404),
        ("/v1/refresh", 400 if "content-type" in server.client.headers else 415),
    ]
    secrets = ("13800000001", "示例甲", "张三", PASSWORD, session["token"], session["refresh"], session["device_key"])
    assert [word for word in secrets if any(word in line for line in lines)] == []


def test_an_exception_is_logged_with_its_place_and_without_its_text(clock: SettableClock) -> None:
    try:
        raise ValueError("来电人示例甲 13800000001")
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord(LOGGER, logging.ERROR, "", 0, "broken", None, told)
    line = JsonLines(clock).format(record)
    assert json.loads(line)["error"] == "ValueError"
    assert "13800000001" not in line
    assert "test_ops_running.py" in line


async def test_old_lines_of_the_audit_and_old_sessions_are_taken_away(server: Server) -> None:
    await server.sign_in()
    server.clock.set(server.clock.now() + (server.settings.audit_days + 1) * DAY)
    await server.sign_in("lead1")
    await tidy(server.database, server.settings, server.clock.now())
    assert [line.account for line in await audit.lines(server.database)] == ["lead1"]
    assert len(await server.database.fetch("SELECT 1 FROM session")) == 1
