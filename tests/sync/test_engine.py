"""The line of a console at work: beside the screen, through outages, until it is closed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from agent_console.domain.errors import StoreFull
from agent_console.store.link_state import LinkState
from agent_console.sync import backoff, engine
from agent_console.sync.answers import NotServed
from agent_console.sync.engine import Engine
from agent_console.sync.watching import is_news
from agent_console.sync.wire import SeatNow, Trouble, TroubleAnswer

from ..support.line_server import LineServer, Wrong, line_server
from .conftest import CLOCK, Seat

LONGEST = 20.0


def until(holds: Callable[[], object]) -> None:
    """Wait for what the threads do; fails where it never comes."""
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextmanager
def running(seat: Seat) -> Iterator[Engine]:
    made = Engine(seat.side, seat.home, seat.settings, CLOCK)
    made.start()
    try:
        yield made
    finally:
        made.close()
        assert not [thread for thread in made._threads if thread.is_alive()]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "SHORTEST", 0.01)
    monkeypatch.setattr(backoff, "LONGEST", 0.05)
    monkeypatch.setattr(engine, "TROUBLE_SECONDS", 0.1)


def test_what_is_written_goes_out_by_itself(seat: Seat, line: LineServer) -> None:
    with running(seat) as made:
        until(lambda: made.status.link == "up")
        seat.work(3)
        until(lambda: len(line.received(seat.device)) == 3)
        until(lambda: seat.unsent == 0)
        assert made.changes > 0
        assert made.status.fresh_at is not None


def test_a_disk_that_is_full_for_a_moment_does_not_end_the_sending(
    seat: Seat, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, refused = LinkState.take_lease, 0

    def full_at_first(self: LinkState, holder: str) -> bool:
        nonlocal refused
        refused += 1
        if refused <= 2:
            raise StoreFull("error.store_full", "advice.store_full", path="seat.db")
        return take(self, holder)

    monkeypatch.setattr(LinkState, "take_lease", full_at_first)
    seat.work(1)
    with running(seat):
        until(lambda: len(line.received(seat.device)) == 1)


def test_an_outage_is_said_survived_and_over(home_line: tuple[Seat, LineServer, int]) -> None:
    seat, line, port = home_line
    with running(seat) as made:
        with line_server(line, port):
            until(lambda: made.status.link == "up")
        seat.work(2)
        until(lambda: made.status.link == "down")
        assert made.status.cut_off_since > 0
        assert made.status.trouble is not None
        with line_server(line, port):
            until(lambda: len(line.received(seat.device)) == 2)
            assert made.status.link == "up"


@pytest.fixture
def home_line(tmp_path_factory: pytest.TempPathFactory) -> tuple[Seat, LineServer, int]:
    """A seat signed in at a server that is gone for now, and the port it was on."""
    with line_server() as line:
        seat = Seat(tmp_path_factory.mktemp("seat"), line.address)
        seat.sign_in()
        return seat, line, urlsplit(line.address).port or 0


def test_a_portal_in_between_is_no_link(seat: Seat, line: LineServer) -> None:
    line.then("/v1/health", *[Wrong(200, b"<html></html>", "text/html")] * 3)
    with running(seat) as made:
        until(lambda: made.status.trouble is not None)
        until(lambda: made.status.link == "up")


def test_a_session_that_ended_is_said_and_local_work_goes_on(seat: Seat, line: LineServer) -> None:
    line.expire_tokens()
    line.refreshes.clear()
    with running(seat) as made:
        until(lambda: made.status.trouble is not None and made.status.link == "up")
        seat.work(1)
        assert seat.unsent == 1
        seat.sign_in()
        until(lambda: seat.unsent == 0)


def test_the_monitor_hears_what_the_seat_does(seat: Seat, line: LineServer) -> None:
    with running(seat) as made:
        made.say_state(SeatNow(seat.device, "12", "张三", "busy"))
        made.wake()
        until(lambda: [state.state for state in line.states] == ["busy"])


def test_a_line_that_does_not_take_the_seats_state_takes_its_work(seat: Seat, line: LineServer) -> None:
    told = msgspec.json.encode(TroubleAnswer(Trouble("not_your_role", "trouble.not_your_role")))
    line.then("/v1/seat-state", Wrong(403, told, "application/json"))
    with running(seat) as made:
        made.say_state(SeatNow(seat.device, "12", "张三", "busy"))
        seat.work(2)
        until(lambda: seat.unsent == 0)
        assert not line.wrong["/v1/seat-state"]


def test_the_monitor_hears_how_much_is_unsent_and_that_all_is_sent(
    home_line: tuple[Seat, LineServer, int],
) -> None:
    seat, line, port = home_line
    seat.work(3)
    with running(seat) as made, line_server(line, port):
        made.say_state(SeatNow("", "12", "张三", "busy"))
        until(lambda: len(line.states) > 1)
        assert [(state.device, state.unsent) for state in line.states] == [(seat.device, 3), (seat.device, 0)]
        assert line.states[0].oldest_unsent > 0


def test_a_message_goes_to_the_server_once_or_is_told_to_have_failed(home_line: tuple[Seat, LineServer, int]) -> None:
    seat, line, port = home_line
    asked = []
    with running(seat) as made:
        until(lambda: made.status.link == "down")
        with pytest.raises(NotServed):
            made.ask(lambda client, token: asked.append(token)).result(LONGEST)
        with line_server(line, port):
            until(lambda: made.status.link == "up")
            made.ask(lambda client, token: asked.append(token)).result(LONGEST)
    assert asked == [token for token in asked if token in line.tokens]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("change", "at_once"),
    [
        ({"state": "wrap_up"}, True),
        ({"colour": "emergency"}, True),
        ({"call_kind": "投诉"}, True),
        ({"parked": 1, "oldest_parked": 7}, True),
        ({"fresh_at": 7}, False),
        ({"unsent": 2, "oldest_unsent": 7}, False),
    ],
)
def test_what_a_lead_acts_on_is_told_at_once_and_the_rest_goes_along(change: dict[str, Any], at_once: bool) -> None:
    before = SeatNow("", "12", "张三", "busy")
    assert is_news(before, msgspec.structs.replace(before, **change)) is at_once


def test_only_one_console_of_a_seat_sends(seat: Seat, line: LineServer) -> None:
    with running(seat) as first:
        until(lambda: first.status.link == "up")
        with running(seat):
            seat.work(5)
            until(lambda: seat.unsent == 0)
        assert sum(len(push.entries) for push in line.pushes) == 5


def test_a_seat_without_a_server_has_no_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    alone = Seat(tmp_path_factory.mktemp("alone"), "")
    with running(alone) as made:
        assert made.status.link == "alone"
