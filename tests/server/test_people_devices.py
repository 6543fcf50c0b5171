"""Devices: enrolled once, known by their key, found out where they were copied."""

from __future__ import annotations

import pytest

from agent_console.server.people import devices
from agent_console.server.web.trouble import Refused

from .people import LINE, Server, code_of


async def _check(server: Server, device: str, key: str) -> str:
    try:
        await devices.check_device(server.database, device, key, LINE, server.clock.now())
    except Refused as refused:
        return refused.answer.error.code
    return ""


async def test_the_key_is_given_once_and_then_has_to_be_shown(server: Server) -> None:
    first = await server.sign_in()
    key = first["device_key"]
    assert await _check(server, "device-of-op1", key) == ""
    assert await _check(server, "device-of-op1", "another") == "device_key"
    assert (await server.sign_in(device_key=key))["device_key"] == ""
    assert code_of(await server.try_sign_in()) == "device_key"


@pytest.mark.parametrize("arrived", [0, 1], ids=["the late answer to the first", "the answer to the second"])
async def test_of_two_answers_to_an_enrolment_the_one_that_arrives_counts_and_then_no_other(
    server: Server, arrived: int
) -> None:
    """A slow server, or a gateway that asks twice: the question served last need not be the one that was answered."""
    keys = [(await server.sign_in())["device_key"] for _ in range(2)]
    assert len({*keys, ""}) == 3
    assert await _check(server, "device-of-op1", keys[arrived]) == ""
    assert await _check(server, "device-of-op1", keys[1 - arrived]) == "device_key"
    assert code_of(await server.try_sign_in()) == "device_key"


async def test_a_device_may_be_used_by_those_of_the_next_shift(server: Server) -> None:
    key = (await server.sign_in())["device_key"]
    session = await server.sign_in("lead1", device="device-of-op1", device_key=key)
    assert session["name"] == "李班长"


async def test_a_device_that_was_revoked_is_out_with_its_sessions(server: Server) -> None:
    session = await server.sign_in()
    await server.people.revoke_device("device-of-op1")
    assert await server.door(session["token"]) == "ended"
    assert await _check(server, "device-of-op1", session["device_key"]) == "device_revoked"
    assert code_of(await server.try_sign_in(device_key=session["device_key"])) == "device_revoked"


async def test_a_device_that_was_copied_waits_for_a_person(server: Server) -> None:
    key = (await server.sign_in())["device_key"]
    await devices.note_copy(server.database, "device-of-op1", server.clock.now())
    assert await _check(server, "device-of-op1", key) == "device_copied"
    await server.people.allow_device("device-of-op1")
    assert await _check(server, "device-of-op1", key) == ""


@pytest.mark.parametrize("device", ["", "no-such-device"])
async def test_an_unknown_device_is_not_served(server: Server, device: str) -> None:
    assert await _check(server, device, "") == "device_unknown"
