"""Accounts follow the rule book; the keys of roles are sealed, change, and open what they opened before."""

from __future__ import annotations

import base64

import pytest

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.server.people import audit
from agent_console.server.people.keys import Cabinet
from agent_console.server.store.schema import ROLE_KEY
from agent_console.store.keyring import decrypt, encrypt

from .people import LINE, PASSWORD, UNIT, Server

WRAPPING = b"role key"
OWNER = "order:1"
KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("role", "unit", "error"),
    [("mayor", "", UnknownName), ("unit_clerk", "", BadInput), ("operator", UNIT, BadInput)],
)
async def test_a_role_is_one_of_the_rule_book_with_a_unit_where_it_is_of_one(
    server: Server, role: str, unit: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await server.people.add(LINE, "new1", "新人", role, unit, PASSWORD)


@pytest.mark.parametrize("password", ["kurz", "aaaaaaaaaaaa", "x-new1-und-mehr", "长" * 300])
async def test_a_weak_password_is_refused(server: Server, password: str) -> None:
    with pytest.raises(BadInput):
        await server.people.add(LINE, "new1", "新人", "operator", "", password)


async def test_a_new_key_of_a_role_opens_what_the_old_one_opened(server: Server) -> None:
    before = (await server.cabinet.role_keys(LINE))["lead"]
    row = (LINE, OWNER, "lead", 2, encrypt(before, KEY, WRAPPING))
    await server.database.write(lambda at: at.insert(ROLE_KEY, [row]))
    assert await server.people.rotate(LINE, "lead", server.cabinet) == 1
    after = (await server.cabinet.role_keys(LINE))["lead"]
    [(wrapped,)] = await server.database.fetch("SELECT key FROM role_key WHERE owner = $1", OWNER)
    assert decrypt(after, bytes(wrapped), WRAPPING) == KEY
    assert decrypt(before, bytes(wrapped), WRAPPING) is None
    session = await server.sign_in("lead1")
    assert base64.b64decode(session["role_keys"]["lead"]) == after
    assert [base64.b64decode(key) for key in session["earlier_role_keys"]["lead"]] == [before]


async def test_a_role_that_reads_no_confidential_order_has_no_key(server: Server) -> None:
    with pytest.raises(BadInput):
        await server.people.rotate(LINE, "operator", server.cabinet)


async def test_who_reads_no_confidential_order_has_a_key_of_their_own_for_taking_them_down(server: Server) -> None:
    first, again = await server.sign_in("op1"), await server.sign_in("op1", device="another-seat")
    other = await server.sign_in("clerk1")
    assert [*first["role_keys"]] == ["own:op1"]
    assert first["role_keys"] == again["role_keys"]
    assert first["role_keys"]["own:op1"] != other["role_keys"]["own:clerk1"]
    assert "own:op1" not in await server.cabinet.role_keys(LINE)


async def test_without_the_master_key_no_kept_key_opens(server: Server) -> None:
    with pytest.raises(BadInput):
        await Cabinet(server.database, bytes(32)).check()
    fresh = bytes(reversed(range(32)))
    number = await server.cabinet.number_key(LINE)
    await server.people.reseal(server.cabinet, fresh)
    assert await Cabinet(server.database, fresh).number_key(LINE) == number
    with pytest.raises(BadInput):
        await server.cabinet.check()


async def test_sign_ins_refusals_and_administration_leave_a_line_without_names_of_strangers(server: Server) -> None:
    await server.try_sign_in("op1", "eine-falsche-口令")
    await server.try_sign_in(PASSWORD)
    await server.sign_in("lead1")
    await server.people.lock(LINE, "op1")
    lines = await audit.lines(server.database)
    told = [(line.account, line.what, line.object, line.outcome) for line in lines]
    assert told[:4] == [
        ("", "admin", "op1", "locked"),
        ("lead1", "sign_in", "", "done"),
        ("", "sign_in", "", "wrong"),
        ("op1", "sign_in", "", "wrong"),
    ]
    assert PASSWORD not in repr(lines)
    assert [line.account for line in await audit.lines(server.database, account="lead1")] == ["lead1"]
