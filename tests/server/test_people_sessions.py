"""Signing in, renewing, signing out: a token is short-lived, a renewal counts once, what was revoked is out at once."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from agent_console.domain.instants import HOUR, MINUTE
from agent_console.server.people import accounts
from agent_console.server.people.passwords import is_outdated

from .people import LINE, PASSWORD, Server, bearer, code_of


async def test_who_signs_in_gets_tokens_role_and_the_keys_of_that_role(server: Server) -> None:
    lead, operator = await server.sign_in("lead1"), await server.sign_in("op1")
    assert (lead["name"], lead["role"]) == ("李班长", "lead")
    assert lead["expires_at"] == server.clock.now() + 15 * MINUTE
    assert set(lead["role_keys"]) == {"lead"}
    assert set(operator["role_keys"]) == {"own:op1"}
    assert lead["number_key"] == operator["number_key"] != ""
    assert await server.door(lead["token"]) == ""


@pytest.mark.parametrize(
    "more",
    [{"password": "一句错的口令-2026"}, {"account": "nobody"}, {"jurisdiction": "fujian"}, {"jurisdiction": "nowhere"}],
)
async def test_what_was_wrong_is_not_told(server: Server, more: dict[str, str]) -> None:
    answer = await server.try_sign_in(**{"account": "op1", **more})
    assert (answer.status_code, code_of(answer)) == (401, "wrong")


async def test_a_token_counts_for_fifteen_minutes(server: Server) -> None:
    session = await server.sign_in()
    server.clock.set(session["expires_at"] - 1)
    assert await server.door(session["token"]) == ""
    server.clock.set(session["expires_at"])
    assert await server.door(session["token"]) == "expired"


async def test_a_renewal_gives_new_words_and_takes_the_old_ones_away(server: Server) -> None:
    first = await server.sign_in()
    second = (await server.renew(first["refresh"])).json()
    assert await server.door(first["token"]) == "unknown_token"
    assert await server.door(second["token"]) == ""


async def test_a_word_that_is_used_twice_ends_the_session(server: Server) -> None:
    first = await server.sign_in()
    second = (await server.renew(first["refresh"])).json()
    assert await server.door(second["token"]) == ""
    stolen = await server.renew(first["refresh"])
    assert (stolen.status_code, code_of(stolen)) == (401, "reused")
    assert await server.door(second["token"]) == "ended"
    assert code_of(await server.renew(second["refresh"])) == "ended"


async def test_a_renewal_whose_answer_was_lost_is_given_again(server: Server) -> None:
    first = await server.sign_in()
    await server.renew(first["refresh"])
    again = await server.renew(first["refresh"])
    assert again.status_code == 200
    assert await server.door(again.json()["token"]) == ""


async def test_a_word_does_not_count_on_another_device_or_after_its_time(server: Server) -> None:
    first = await server.sign_in()
    assert code_of(await server.renew(first["refresh"], device="another")) == "reused"
    later = await server.sign_in("lead1")
    server.clock.set(server.clock.now() + 24 * HOUR)
    assert code_of(await server.renew(later["refresh"])) == "expired"


async def test_signing_out_ends_it(server: Server) -> None:
    session = await server.sign_in()
    answer = await server.client.post("/v1/sign-out", headers=bearer(session["token"]))
    assert answer.json() == {"heard": True}
    assert await server.door(session["token"]) == "ended"
    assert code_of(await server.renew(session["refresh"])) == "ended"


@pytest.mark.parametrize("act", ["lock", "end_sessions", "change_password", "change_role"])
async def test_what_an_administrator_does_counts_at_once(server: Server, act: str) -> None:
    session = await server.sign_in()
    more = {"change_password": ["eine-neue-口令"], "change_role": ["centre", ""]}.get(act, [])
    await getattr(server.people, act)(LINE, "op1", *more)
    assert await server.door(session["token"]) == "ended"
    assert code_of(await server.renew(session["refresh"])) == "ended"


async def test_a_locked_account_stays_out_until_it_is_unlocked(server: Server) -> None:
    await server.people.lock(LINE, "op1")
    assert code_of(await server.try_sign_in()) == "locked"
    await server.people.unlock(LINE, "op1")
    assert (await server.try_sign_in()).status_code == 200


async def test_wrong_passwords_make_the_account_wait_longer_and_longer(server: Server) -> None:
    settings, waits = server.settings, []
    for _ in range(settings.tries - 1):
        assert code_of(await server.try_sign_in(password="falsch")) == "wrong"
    for _ in range(4):
        assert code_of(await server.try_sign_in(password="falsch")) == "wrong"
        held = await server.try_sign_in(password=PASSWORD)
        assert (held.status_code, code_of(held)) == (429, "wait")
        waits.append(int(held.headers["retry-after"]))
        server.clock.set(server.clock.now() + waits[-1] * 1_000_000)
    assert waits == [settings.wait_seconds * factor for factor in (1, 2, 4, 8)]
    assert (await server.try_sign_in(password=PASSWORD)).status_code == 200
    assert code_of(await server.try_sign_in(password="falsch")) == "wrong"


async def test_nobody_can_shut_out_an_operator_from_another_device(server: Server) -> None:
    session = await server.sign_in()
    await server.sign_in(device_key=session["device_key"])
    for _ in range(server.settings.tries + 1):
        await server.try_sign_in(password="falsch", device="elsewhere")
    assert code_of(await server.try_sign_in(device="elsewhere")) == "wait"
    assert (await server.try_sign_in(device_key=session["device_key"])).status_code == 200


async def test_who_signs_in_is_kept_with_the_costs_of_today(server: Server) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    await accounts.set_password(server.database, LINE, "op1", cheap)
    await server.sign_in()
    account = await accounts.find(server.database, LINE, "op1")
    assert account is not None
    assert not is_outdated(account.password)
    await server.sign_in("op1", device="device-of-another-seat")


async def test_no_word_stands_in_the_database(server: Server) -> None:
    session = await server.sign_in("lead1")
    rows = [
        row
        for table in ("account", "session", "enrolment", "kept_key", "audit")
        for row in await server.database.fetch(f"SELECT * FROM {table}")
    ]
    kept = repr([tuple(row) for row in rows])
    secrets = [PASSWORD, session["token"], session["refresh"], session["device_key"], session["number_key"]]
    assert [word for word in (*secrets, *session["role_keys"].values()) if word in kept] == []
