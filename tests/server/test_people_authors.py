"""Whose a seat's work is, once somebody was locked out or has another role."""

from __future__ import annotations

from agent_console.domain.instants import MINUTE
from agent_console.sync.wire import Verdict

from .seats import LINE, Centre, Seat


async def sent_by(seat: Seat, account: str) -> list[tuple[str, str]]:
    """What becomes of a seat's work when somebody else signs in there and sends it."""
    seat.account = account
    await seat.renew()
    return [_judged(verdict) for verdict in await seat.push()]


def _judged(verdict: Verdict) -> tuple[str, str]:
    return verdict.status, verdict.reason.key if verdict.reason else ""


async def test_what_was_done_before_the_account_was_locked_counts_and_nothing_after(centre: Centre) -> None:
    seat, clock = await centre.sit("zhang"), centre.server.clock
    await seat.push()
    seat.raise_order()
    clock.set(clock.now() + MINUTE)
    before = len(seat.waiting())
    await centre.server.people.lock(LINE, "zhang")
    clock.set(clock.now() + MINUTE)
    seat.raise_order()
    told = await sent_by(seat, "wang")
    assert set(told[:before]) == {("applied", "")}
    assert set(told[before:]) == {("rejected", "sync.role_not_vouched")}
    authors = await centre.server.database.fetch("SELECT DISTINCT actor FROM event WHERE stream LIKE 'order:%'")
    assert [row[0] for row in authors] == ["张三"]


async def test_with_another_role_nothing_counts_any_more_in_the_one_before(centre: Centre) -> None:
    seat, clock = await centre.sit("zhang"), centre.server.clock
    await seat.push()
    clock.set(clock.now() + MINUTE)
    await centre.server.people.change_role(LINE, "zhang", "callback_agent", "")
    clock.set(clock.now() + MINUTE)
    seat.raise_order()
    assert set(await sent_by(seat, "wang")) == {("rejected", "sync.role_not_vouched")}
