"""Seats and the real server, each a process or file of its own, over loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.at_work import signed_in
from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.signing_in import sign_out_at, unlock_at
from agent_console.domain.errors import BadInput
from agent_console.store.connection import rows
from agent_console.sync import pulling
from agent_console.sync.session import SignInRefused, SignInUnheard
from agent_console.texts import say

from .conftest import CLOCK, Seat
from .program import WORD, Program


def at(seat: Seat) -> OpenDesk:
    """Whoever is signed in, at work."""
    return open_desk(seat.home, seat.settings, CLOCK)


def calls(seat: Seat, count: int) -> None:
    opened = at(seat)
    for _ in range(count):
        intake.take_call(opened.desk, "13800000001")
    opened.close()


def confirmed(seat: Seat) -> list[tuple[str, bool]]:
    """Every event by its id and whether the server has confirmed it, in the order of the file."""
    side = seat.side()
    found = rows(side.store.connection, "SELECT id, seq IS NOT NULL FROM event ORDER BY position")
    side.close()
    return [(id_, bool(known)) for id_, known in found]


def test_what_a_seat_saved_comes_back_confirmed_under_the_ids_it_had(here: Seat) -> None:
    calls(here, 30)
    before = [id_ for id_, _ in confirmed(here)]
    done = here.exchange()
    assert (done.why, done.unsent, done.refused) == (None, 0, 0)
    after = confirmed(here)
    assert [id_ for id_, _ in after] == before
    assert all(known for _, known in after)


def test_a_server_that_is_killed_over_and_over_loses_and_doubles_nothing(here: Seat, program: Program) -> None:
    for _ in range(3):
        calls(here, 20)
        program.kill()
        assert here.exchange().why is not None
        program.start()
    assert here.exchange().unsent == 0
    assert all(known for _, known in confirmed(here))
    assert here.exchange().sent == 0


def test_a_seat_goes_over_to_another_server_with_its_unsent_work(here: Seat, tmp_path: Path) -> None:
    calls(here, 3)
    assert here.exchange().unsent == 0
    calls(here, 4)
    waiting = [id_ for _, id_ in here.queued()]
    other = Program(tmp_path / "other")
    other.start()
    try:
        here.moved_to(other.address).sign_in("zhang", WORD)
        assert here.queued() == list(enumerate(waiting, 1))
        assert here.exchange().unsent == 0
    finally:
        other.kill()


def test_while_the_server_is_away_the_seat_opens_for_whoever_signed_in_lately(here: Seat, program: Program) -> None:
    sign_out_at(here.home, here.settings, CLOCK)
    with pytest.raises(SignInRefused) as refused:
        here.sign_in("zhang", "wrong")
    assert refused.value.message.fields["why"] == say("sign_in.wrong")
    program.kill()
    with pytest.raises(SignInUnheard):
        here.sign_in("zhang", WORD)
    with pytest.raises(BadInput):
        unlock_at(here.home, here.settings, CLOCK, "li", WORD)
    with pytest.raises(BadInput):
        unlock_at(here.home, here.settings, CLOCK, "zhang", "wrong")
    opened = unlock_at(here.home, here.settings, CLOCK, "zhang", WORD)
    assert opened.actor.name == "张三"
    assert not opened.actor.self_declared
    calls(here, 2)
    program.start()
    here.sign_in("zhang", WORD)
    assert here.exchange().unsent == 0


def test_a_repeat_caller_is_recognised_at_another_seat_by_the_outline_of_the_first_order(
    here: Seat, program: Program, tmp_path: Path
) -> None:
    there = Seat(tmp_path / "there", program.address, "13")
    there.sign_in("li", WORD)
    order = here.raise_order()
    here.exchange()
    there.exchange()
    first, second = at(here), at(there)
    try:
        [known] = second.records.history("+86 138-0013-8000").elsewhere
        assert known.stream == f"order:{order}"
        assert [one.id for one in first.records.history("13800138000").open_orders] == [order]
    finally:
        first.close()
        second.close()


def test_what_one_operator_took_is_not_shown_to_the_next(here: Seat) -> None:
    from agent_console.desk.calls import shift

    calls(here, 2)
    here.sign_in("li", WORD)
    opened = at(here)
    assert opened.desk.actor.name == "李四"
    assert shift.calls_of_day(opened.desk, opened.records, CLOCK.now()) == []
    assert shift.unfinished_calls(opened.desk, opened.records) == []
    opened.close()


def test_nothing_secret_stands_in_the_clear_or_open_to_others(here: Seat) -> None:
    signed = signed_in(here.home, here.settings, CLOCK)
    assert signed is not None
    secrets = [WORD, signed.token, signed.refresh]
    for path in (path for path in here.home.rglob("*") if path.is_file()):
        assert path.stat().st_mode & 0o077 == 0, path
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], path


def test_a_new_seat_at_a_server_with_a_long_past_reads_it_page_by_page_and_says_how_far_it_is(
    here: Seat, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [here.raise_order() for _ in range(12)]
    here.exchange()
    program.do("user", "add", "wang", "--name", "王班长", "--role", "lead", "-j", "fujian")
    fresh = Seat(tmp_path / "fresh", program.address, "1")
    fresh.sign_in("wang", WORD)
    monkeypatch.setattr(pulling, "PAGE_ROWS", 8)
    told: list[tuple[int, int]] = []
    assert fresh.exchange(progress=lambda _, place, last: told.append((place, last))).why is None
    places = [place for place, last in told if last]
    assert len(places) > 2
    assert places == sorted(places)
    assert {last for _, last in told if last} == {places[-1]}
    opened = fresh.desk()
    assert [opened.desk.order(one).id for one in orders] == orders
    opened.close()
