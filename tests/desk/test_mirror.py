"""A seat and its server: what was saved takes effect once, what others did first stands first, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.orders import handling
from agent_console.desk.records import Records
from agent_console.desk.sync import tray
from agent_console.desk.sync.side import Side
from agent_console.domain.decisions import Done
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_corrections import AddToOrder
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.keyring import Keyring
from agent_console.store.outbox import KEPT
from agent_console.store.projecting import rebuild
from agent_console.sync.wire import FeedRow, Outline
from tests.support.clock import SettableClock
from tests.support.line_model import LineModel, exchange, send, take
from tests.support.rule_of import LEAD, blocked, facts
from tests.support.secret_keys import in_environment
from tests.support.stories import form

NUMBER = "13800138000"
_OF_EACH_FILE = {"number_hash", "sealed", "topic", "kept_at"}
"""Columns that differ in every file: keyed hashes, and nonces."""


class TwoSeats:
    """Two seats of one line, each with a file of its own."""

    def __init__(self, folder: Path, clock: SettableClock, jurisdiction: str = "fujian") -> None:
        self.line = LineModel()
        self.clock = clock
        self.jurisdiction = jurisdiction
        self.opened = [self._open(folder / name, name) for name in ("one", "other")]
        self.sides = [Side(one.desk, one.store) for one in self.opened]

    def _open(self, home: Path, name: str) -> OpenDesk:
        home.mkdir()
        chosen = Settings(jurisdiction=self.jurisdiction, seat=name, operator="张三")
        return open_desk(home, chosen, self.clock, Actor(LEAD.name, LEAD.role))

    def exchange(self) -> None:
        """Both until nothing waits."""
        for _ in range(2):
            for side in self.sides:
                exchange(side, self.line)

    def close(self) -> None:
        for one in self.opened:
            one.close()


@pytest.fixture
def seats(tmp_path: Path, clock: SettableClock) -> Iterator[TwoSeats]:
    both = TwoSeats(tmp_path, clock)
    yield both
    both.close()


def _raise(seat: OpenDesk) -> str:
    order = intake.raise_order(seat.desk, "", "", form("fujian"), intake.Telling()).order
    assert order
    return order


def _call(seat: OpenDesk) -> str:
    _, call = intake.take_call(seat.desk, NUMBER)
    matter = seat.desk.call(call).open_matter
    assert matter is not None
    facts(intake.conclude(seat.desk, call, matter.id, Answered("kb-1", 1), intake.Telling("住在五四路")))
    return call


def _tables(seat: OpenDesk) -> dict[str, list[tuple[Any, ...]]]:
    """What is folded, by table: every open column, and the state that is sealed."""
    tables = "call", "call_figure", "work_order", "order_figure", "order_unit", "order_flag", "seat", "entry"
    connection, found = seat.store.connection, {}
    for table in tables:
        names = [name for _, name, *_ in rows(connection, f"PRAGMA table_info({table})") if name not in _OF_EACH_FILE]
        found[table] = sorted(rows(connection, f"SELECT {', '.join(names)} FROM {table}"), key=repr)
    orders, calls = seat.records.orders(200), seat.records.calls(200)
    found["states"] = sorted((repr(state),) for state in (*orders, *calls))
    return found


def _check_fold(seat: OpenDesk) -> None:
    """What is folded step by step is what a fresh fold of the whole log gives; due times follow from it."""
    as_kept = _tables(seat)
    dues = rows(seat.store.connection, "SELECT stream, due_handle FROM order_figure ORDER BY stream")
    rebuild(seat.store.connection, seat.store.log, seat.store.projectors)
    for stream, due in dues:
        sql = "UPDATE order_figure SET due_handle = ? WHERE stream = ?"
        seat.store.connection.execute(sql, (due, stream))
    afresh = _tables(seat)
    desk_columns = {"order_figure"}
    for table in set(as_kept) - desk_columns:
        assert as_kept[table] == afresh[table], table
    assert len(as_kept["order_figure"]) == len(afresh["order_figure"])


def _check_mirror(seat: OpenDesk, line: LineModel) -> None:
    """The confirmed part of the file is the feed: the same facts, in its order, none twice; nothing is pending."""
    confirmed = rows(seat.store.connection, "SELECT seq, id, stream FROM event ORDER BY seq")
    assert confirmed == [(row.seq, msgspec.json.decode(row.envelope)["id"], row.stream) for row in line.rows]
    for stream in {row.stream for row in line.rows}:
        events = seat.store.log.load(stream)
        assert [event.fact for event in events] == [fact for _, fact in line.history(stream)]
        assert [event.envelope.version for event in events] == list(range(1, len(events) + 1))


def test_own_work_comes_back_as_it_stands_and_is_confirmed(seats: TwoSeats) -> None:
    one, _ = seats.opened
    call, order = _call(one), _raise(one)
    before = one.store.log.load(f"call:{call}"), one.store.log.load(f"order:{order}")
    assert one.records.unsent() == 3
    exchange(seats.sides[0], seats.line)
    assert one.records.unsent() == 0
    assert (one.store.log.load(f"call:{call}"), one.store.log.load(f"order:{order}")) == before
    _check_mirror(one, seats.line)
    _check_fold(one)


def test_an_answer_that_was_lost_changes_nothing_the_second_time(seats: TwoSeats) -> None:
    one, side = seats.opened[0], seats.sides[0]
    _call(one)
    send(side, seats.line)
    seats.line.push(one.store.identity.device, list(side.entries_to_send(200, 1 << 30, None)))
    assert one.records.unsent() == 2
    exchange(side, seats.line)
    _check_mirror(one, seats.line)


def test_what_another_seat_does_to_an_order_is_seen_here(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    seats.exchange()
    facts(handling.dispatch(other.desk, order))
    seats.exchange()
    assert one.desk.order(order).status == "dispatched"
    for seat in seats.opened:
        _check_mirror(seat, seats.line)
        _check_fold(seat)


def test_who_was_first_at_the_server_stands_and_the_other_has_both_versions(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    seats.exchange()
    facts(handling.dispatch(one.desk, order, "城市管理局"))
    facts(handling.dispatch(other.desk, order, "水利局"))
    seats.exchange()
    assert other.desk.order(order).lead == "城市管理局"
    assert tray.tray(one.store) == []
    [conflict] = tray.tray(other.store)
    assert conflict.entry.state == "conflict"
    assert "水利局".encode() in (conflict.entry.steps[0].body or b"")
    assert [event.envelope.actor for event in conflict.theirs] == [LEAD.name]
    for seat in seats.opened:
        _check_mirror(seat, seats.line)
        _check_fold(seat)


def test_what_still_fits_is_decided_again_behind_what_others_did_first(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    seats.exchange()
    facts(handling.dispatch(one.desk, order))
    exchange(seats.sides[0], seats.line)
    facts(handling.take(other.desk, order, AddToOrder("又来电催办")))
    take(seats.sides[1], seats.line)
    waiting = other.store.log.to_fold(f"order:{order}")
    assert [seq is None for _, seq in waiting] == [False, False, True]
    assert other.desk.order(order).status == "dispatched"
    seats.exchange()
    assert [seat.records.unsent() for seat in seats.opened] == [0, 0]
    for seat in seats.opened:
        _check_mirror(seat, seats.line)
        _check_fold(seat)


def test_a_conflict_is_done_again_on_what_holds_now_or_dropped_with_a_reason(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    seats.exchange()
    for seat in seats.opened:
        facts(handling.dispatch(seat.desk, order))
    seats.exchange()
    [conflict] = tray.tray(other.store)
    assert blocked(tray.do_again(other.desk, other.store, conflict.entry.id))
    assert tray.tray(other.store) == [conflict]
    tray.drop(other.desk, other.store, conflict.entry.id, "另一坐席已派单")
    assert tray.tray(other.store) == []
    seats.exchange()
    assert [row.stream for row in seats.line.rows][-1] == f"tray:{other.store.identity.device}"


def test_what_the_server_turns_down_shows_no_longer_and_is_kept_as_it_was_typed(seats: TwoSeats) -> None:
    one, side = seats.opened[0], seats.sides[0]
    order = _raise(one)
    exchange(side, seats.line)
    seats.line.refuses = {"order.dispatch"}
    facts(handling.dispatch(one.desk, order, "水利局"))
    exchange(side, seats.line)
    assert one.desk.order(order).status == "raised"
    [refused] = tray.tray(one.store)
    assert (refused.entry.state, refused.theirs) == ("rejected", ())
    assert refused.verdict is not None
    assert refused.verdict.reason is not None
    seats.line.refuses = set()
    assert isinstance(tray.do_again(one.desk, one.store, refused.entry.id), Done)
    assert tray.tray(one.store) == []
    exchange(side, seats.line)
    assert one.desk.order(order).lead == "水利局"
    _check_mirror(one, seats.line)
    _check_fold(one)


def test_another_epoch_has_lost_work_sent_again(seats: TwoSeats) -> None:
    one = seats.opened[0]
    _call(one)
    seats.exchange()
    restored = LineModel("epoch-2")
    seats.line = restored
    order = _raise(one)
    seats.exchange()
    assert {row.stream.partition(":")[0] for row in restored.rows} == {"call", "order"}
    assert seats.opened[1].desk.order(order).status == "raised"
    for seat in seats.opened:
        _check_mirror(seat, restored)
        _check_fold(seat)


def test_after_another_epoch_what_nobody_sends_again_is_gone(seats: TwoSeats, clock: SettableClock) -> None:
    one, other = seats.opened
    call = _call(one)
    seats.exchange()
    clock.set(clock.now() + KEPT + 1)
    other.store.outbox.prune()
    seats.line = LineModel("epoch-2")
    exchange(seats.sides[1], seats.line)
    assert other.store.log.load(f"call:{call}") == []
    _check_fold(other)


def test_a_page_is_taken_in_whole_or_not_at_all(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    exchange(seats.sides[0], seats.line)
    seats.line.say(FeedRow(0, "event", f"order:{order}", msgspec.Raw(b"{}")))
    with pytest.raises(BadInput):
        take(seats.sides[1], seats.line)
    assert seats.sides[1].cursor == 0
    assert other.store.log.load(f"order:{order}") == []


def test_facts_of_a_newer_program_are_kept_and_close_their_stream(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    exchange(seats.sides[0], seats.line)
    last, _ = seats.line.history(f"order:{order}")[-1]
    newer = msgspec.structs.replace(last, id="newer", version=last.version + 1, type="order.blessed", cause="c")
    seats.line.tell(f"order:{order}", newer, '{"blessing": "早日办结"}'.encode())
    while take(seats.sides[1], seats.line):
        pass
    assert blocked(handling.dispatch(other.desk, order)) == ((), "stream.read_only")
    sql = "SELECT body, sealed FROM event WHERE id = 'newer'"
    [(body, sealed)] = rows(other.store.connection, sql)
    kept = other.store.sealing.unseal(f"order:{order}", sealed, "newer")
    assert (body, kept) == ("{}", '{"blessing": "早日办结"}'.encode())


def test_an_order_of_others_is_known_in_outline_until_it_comes_into_sight(seats: TwoSeats) -> None:
    other = seats.opened[1]
    other.store.share_number_key(b"k" * 32)
    key = other.store.sealing.number_hash(NUMBER)
    outline = Outline("order:x", "20260302" + "00001234", "dispatched", "complaint", number_hash=key, raised_at=5)
    seats.line.say(FeedRow(0, "outline", "order:x", outline=outline, recorded_at=77))
    take(seats.sides[1], seats.line)
    [known] = other.records.history("+86 138-0013-8000").elsewhere
    assert (known.number, known.status, known.as_of) == (outline.number, "dispatched", 77)
    assert other.records.outlines("01234") == [known]
    with pytest.raises(UnknownName) as raised:
        other.records.order("01234")
    assert raised.value.message.key == "error.order_elsewhere"
    seats.line.say(FeedRow(0, "forget", "order:x"))
    take(seats.sides[1], seats.line)
    assert other.records.history(NUMBER).elsewhere == ()


def test_what_leaves_the_sight_leaves_the_file(seats: TwoSeats) -> None:
    one, other = seats.opened
    order = _raise(one)
    seats.exchange()
    seats.line.say(FeedRow(0, "forget", f"order:{order}"))
    while take(seats.sides[1], seats.line):
        pass
    assert other.store.log.load(f"order:{order}") == []
    assert other.records.orders(10) == []
    _check_fold(other)


def test_an_erasure_takes_the_outbox_along(seats: TwoSeats) -> None:
    one = seats.opened[0]
    call = _call(one)
    [_, concluding] = one.store.outbox.queued(10)
    intake.erase_call(one.desk, call, "保存期满")
    assert [step.body for step in one.store.outbox.queued(10)[1].steps] == [None]
    assert concluding.steps[0].body is not None
    seats.line.say(FeedRow(0, "erase", "call:nobody"))
    content = b"".join(path.read_bytes() for path in one.store.path.parent.glob("seat.db*"))
    assert "五四路".encode() not in content


def test_nothing_that_waits_stands_in_clear(seats: TwoSeats) -> None:
    one = seats.opened[0]
    _call(one)
    _raise(one)
    one.store.scrub()
    content = b"".join(path.read_bytes() for path in one.store.path.parent.glob("seat.db*"))
    for secret in (NUMBER, "五四路", "陈女士"):
        assert secret.encode() not in content


def test_a_message_is_there_until_it_is_read(seats: TwoSeats) -> None:
    seats.line.say(FeedRow(0, "message", "", body=msgspec.Raw('{"text":"请回电"}'.encode()), recorded_at=9))
    take(seats.sides[0], seats.line)
    messages = seats.opened[0].store.messages
    [told] = messages.unread()
    assert "请回电".encode() in told.body
    messages.read(told.seq)
    assert messages.unread() == []


def test_an_entry_nobody_can_swallow_waits_apart_and_the_others_go_on(seats: TwoSeats) -> None:
    one, side = seats.opened[0], seats.sides[0]
    for _ in range(2):
        _raise(one)
    poison, healthy = side.entries_to_send(10, 1 << 30, None)
    side.park(poison.id, "413")
    assert [(entry.n, entry.id) for entry in side.entries_to_send(10, 1 << 30, None)] == [(1, healthy.id)]
    exchange(side, seats.line)
    [apart] = tray.tray(one.store)
    assert (apart.entry.id, apart.entry.state) == (poison.id, "parked")
    assert len(one.records.orders(10)) == 2
    facts_of = tray.do_again(one.desk, one.store, poison.id)
    assert isinstance(facts_of, Done)
    exchange(side, seats.line)
    _check_mirror(one, seats.line)


def test_unsent_work_goes_along_to_another_server(seats: TwoSeats) -> None:
    one, side = seats.opened[0], seats.sides[0]
    _call(one)
    exchange(side, seats.line)
    order = _raise(one)
    another = LineModel("another")
    side.enrol(0, another.epoch)
    assert [entry.n for entry in side.entries_to_send(10, 1 << 30, None)] == [1]
    exchange(side, another)
    assert {row.stream for row in another.rows} == {f"order:{order}"}
    assert len(one.records.calls(10)) == 1


@pytest.mark.parametrize("roles", [("lead",), ()])
def test_a_confidential_order_of_others_is_sealed_here_or_stays_away(
    tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch, roles: tuple[str, ...]
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())
    seats = TwoSeats(tmp_path, clock, "binzhou")
    one, other = seats.opened
    held = Keyring({role: bytes([11]) * 32 for role in roles}, "lead")
    monkeypatch.setattr(other.store.connection, "keyring", held)
    order = intake.raise_order(one.desk, "", "", form("binzhou", title="配方被泄露"), intake.Telling()).order
    facts(handling.take(one.desk, order, ClassifyOrder("business_secret", "涉及企业配方")))
    seats.exchange()
    stream = f"order:{order}"
    assert bool(other.store.log.version(stream)) == bool(roles)
    assert other.store.mirror.left() == ([] if roles else [stream])
    if roles:
        assert other.desk.order(order).details.title == "配方被泄露"
        assert other.store.is_secret(stream)
        monkeypatch.setattr(other.store.connection, "keyring", Keyring())
        assert other.desk.order(order).withheld
    content = b"".join(path.read_bytes() for path in other.store.path.parent.glob("seat.db*"))
    assert "配方".encode() not in content
    seats.close()


_STEPS: tuple[Callable[[OpenDesk, str], object], ...] = (
    lambda seat, order: handling.dispatch(seat.desk, order),
    lambda seat, order: handling.take(seat.desk, order, AddToOrder("又来电催办")),
    lambda seat, order: handling.sign(seat.desk, order, {"department": "市政科", "officer": "王经办"}),
    lambda seat, order: handling.complete(seat.desk, order, {"result": "已修好"}),
    lambda seat, _order: _call(seat),
    lambda seat, _order: _raise(seat),
)
_MOVES = st.tuples(st.integers(0, 1), st.sampled_from(("act", "send", "take")), st.integers(0, 5), st.integers(1, 4))


@given(st.lists(_MOVES, max_size=14))
@settings(max_examples=25)
def test_both_seats_come_to_the_same_whatever_the_order_of_things(moves: list[tuple[int, str, int, int]]) -> None:
    clock = SettableClock()
    with TemporaryDirectory() as folder:
        seats = TwoSeats(Path(folder), clock)
        _raise(seats.opened[0])
        seats.exchange()
        for which, move, step, some in moves:
            clock.set(clock.now() + some * 1_000_000)
            seat, side = seats.opened[which], seats.sides[which]
            if move == "act":
                known = Records(seat.store).orders(10)
                _STEPS[step](seat, known[some % len(known)].id)
            elif move == "send":
                send(side, seats.line, some)
            else:
                take(side, seats.line, some)
        seats.exchange()
        for seat in seats.opened:
            _check_mirror(seat, seats.line)
            _check_fold(seat)
        seats.close()
