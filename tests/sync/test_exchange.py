"""Sending and taking in: what the seat does with every answer there can be."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.sync.pushing import MOST_FAILURES
from agent_console.sync.wire import MOST_BYTES, MOST_ENTRIES, PROTOCOL

from ..support.line_server import LineServer, Wrong
from .conftest import Seat

PORTAL = "<html>请先登录无线网络</html>".encode()
NOT_AN_ACK = b'{"epoch":"first","last_n":99,"now":1,"verdicts":[{"n":7,"id":"foreign","status":"applied"}]}'


def test_everything_saved_arrives_once_and_in_order(seat: Seat, line: LineServer) -> None:
    seat.work(450)
    waiting = seat.queued()
    done = seat.exchange()
    assert (done.why, done.unsent, done.sent) == (None, 0, 450)
    assert [(entry.n, entry.id) for entry in line.received(seat.device)] == waiting
    assert [len(push.entries) for push in line.pushes] == [MOST_ENTRIES, MOST_ENTRIES, 50]
    assert all(len(msgspec.json.encode(push)) <= MOST_BYTES for push in line.pushes)


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(200, PORTAL, "text/html"),
        Wrong(200, PORTAL),
        Wrong(302, b"", headers={"location": "http://127.0.0.1:9/"}),
        Wrong(403, PORTAL, "text/html"),
        Wrong(401, PORTAL, "text/html"),
        Wrong(200, NOT_AN_ACK),
        Wrong(200, b'{"epoch":"first","last_n":1,"now":1,"verdicts":[]}'),
        Wrong(200, b"{}"),
        Wrong(200, NOT_AN_ACK, cut=20),
        Wrong(200, NOT_AN_ACK, "text/plain"),
        Wrong(201, NOT_AN_ACK),
        Wrong(503, b"", "text/plain"),
    ],
    ids=lambda wrong: f"{wrong.status} {wrong.body[:24]!r} {wrong.kind}",
)
def test_an_answer_that_is_none_moves_nothing(seat: Seat, line: LineServer, wrong: Wrong) -> None:
    seat.work(3)
    waiting = seat.queued()
    line.then("/v1/push", *[wrong] * 6)
    assert seat.exchange().why is not None
    assert seat.queued() == waiting
    assert line.received(seat.device) == []
    assert seat.exchange().unsent == 0


def test_an_answer_that_got_lost_after_the_commit_leads_to_no_second_effect(seat: Seat, line: LineServer) -> None:
    seat.work(3)
    waiting = seat.queued()
    line.then("/v1/push", Wrong(200, PORTAL, "text/html", late=True))
    assert seat.exchange().unsent == 0
    assert [(entry.n, entry.id) for entry in line.received(seat.device)] == waiting


def test_a_server_that_is_busy_is_asked_again_no_sooner_than_it_said(seat: Seat, line: LineServer) -> None:
    seat.work()
    pauses: list[float] = []
    line.then("/v1/push", Wrong(429, headers={"retry-after": "17"}), Wrong(503, headers={"retry-after": "4"}))
    assert seat.exchange(again=pauses.append).unsent == 0
    assert pauses[0] >= 17
    assert pauses[1] >= 4


def test_a_spent_token_is_renewed_once(seat: Seat, line: LineServer) -> None:
    seat.work()
    line.expire_tokens()
    assert seat.exchange().unsent == 0
    assert line.asked.count("/v1/refresh") == 1


def test_a_session_the_server_takes_no_longer_keeps_the_work_and_says_so(seat: Seat, line: LineServer) -> None:
    seat.work(2)
    waiting = seat.queued()
    line.expire_tokens()
    line.refreshes.clear()
    assert seat.exchange().why is not None
    assert seat.queued() == waiting
    seat.sign_in()
    assert seat.exchange().unsent == 0


def test_a_batch_that_is_too_large_is_halved_until_it_fits(seat: Seat, line: LineServer) -> None:
    seat.work(40)
    line.smallest_too_large = 8 * 1024
    done = seat.exchange()
    assert (done.sent, done.unsent, done.parked) == (40, 0, 0)
    sizes = [len(push.entries) for push in line.pushes]
    assert max(sizes) < 40
    assert min(sizes) > 1


def test_one_poisoned_entry_is_set_aside_and_holds_up_nobody(seat: Seat, line: LineServer) -> None:
    seat.work(9)
    waiting = seat.queued()
    poisoned = waiting[4][1]
    line.poison.add(poisoned)
    parked = sum(seat.exchange().parked for _ in range(4))
    assert parked == 1
    assert seat.unsent == 0
    received = [entry.id for entry in line.received(seat.device) if entry.steps]
    assert received == [id_ for _, id_ in waiting if id_ != poisoned]
    alone = [push for push in line.pushes if [entry.id for entry in push.entries] == [poisoned]]
    assert len(alone) == MOST_FAILURES


def test_a_server_that_fails_at_everything_costs_one_entry_its_place_not_all(seat: Seat, line: LineServer) -> None:
    seat.work(5)
    line.poison.update(id_ for _, id_ in seat.queued())
    parked = sum(seat.exchange().parked for _ in range(2))
    assert parked == 1
    line.poison.clear()
    assert seat.exchange().unsent == 0


def test_what_the_rules_refuse_goes_to_the_tray_and_the_rest_goes_on(seat: Seat, line: LineServer) -> None:
    seat.work(3)
    line.rejecting.add("call.take")
    done = seat.exchange()
    assert (done.refused, done.unsent) == (3, 0)
    side = seat.side()
    assert side.store.outbox.in_tray() == 3
    side.close()


def test_a_server_restored_from_its_backup_gets_again_what_it_lost(seat: Seat, line: LineServer) -> None:
    seat.work(6)
    sent = seat.queued()
    assert seat.exchange().unsent == 0
    device = line.devices[seat.device]
    device.last_n = 4
    device.entries = dict(list(device.entries.items())[:4])
    line.epoch = "second"
    seat.work(1)
    assert seat.exchange().unsent == 0
    assert [(entry.n, entry.id) for entry in line.received(seat.device)][:6] == sent
    assert line.devices[seat.device].last_n == 7


def test_an_old_server_and_an_old_program_are_told_apart_from_trouble(seat: Seat, line: LineServer) -> None:
    seat.work()
    line.protocol = (PROTOCOL + 1, PROTOCOL + 2)
    done = seat.exchange()
    assert done.outdated
    assert done.unsent == 0, "an old program may still send what waits"


def test_two_processes_of_a_seat_do_not_send_at_once(seat: Seat, line: LineServer) -> None:
    seat.work()
    side = seat.side()
    assert side.store.link.take_lease("1:another")
    done = seat.exchange()
    assert done.why is not None
    assert done.why.key == "link.busy_elsewhere"
    assert line.pushes == []
    side.store.link.give_back("1:another")
    side.close()
    assert seat.exchange().unsent == 0


def test_the_lease_of_a_process_that_was_killed_counts_no_more(seat: Seat) -> None:
    side = seat.side()
    assert side.store.link.take_lease("999999999:gone")
    assert side.store.link.take_lease("1:another")
    side.close()


def test_a_wrong_clock_is_measured_and_what_is_decided_uses_the_right_time(seat: Seat, line: LineServer) -> None:
    line.clock_ahead = 600_000_000
    seat.exchange()
    seat.work()
    side = seat.side()
    measured = side.store.link.measured_clock()
    assert measured is not None
    assert abs(measured.offset - 600_000_000) < 5_000_000
    [entry] = side.entries_to_send(10, 1 << 20, None)
    assert entry.offset == measured.offset
    taken = msgspec.json.decode(msgspec.json.encode(side.store.log.load(entry.steps[0].stream)[0].fact))
    assert abs(taken["occurred_at"] - entry.at - measured.offset) < 5_000_000
    side.close()
