"""What must not be worked on, what is erased, and two people on one file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.orders import handling
from agent_console.domain.errors import UnknownName
from agent_console.domain.events import Envelope
from agent_console.domain.intake.calls import CallErased
from agent_console.domain.intake.outcomes import Answered
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from tests.conftest import Office
from tests.support.clock import SettableClock
from tests.support.rule_of import blocked, facts
from tests.support.stories import form

NUMBER = "13800138000"
ANSWERED = Answered("kb-1", 1)


def take(seat: OpenDesk) -> tuple[str, str]:
    _, call = intake.take_call(seat.desk, NUMBER)
    matter = seat.desk.call(call).open_matter
    assert matter is not None
    return call, matter.id


def write_by_hand(seat: OpenDesk, stream: str, event_type: str, schema: int = 1) -> None:
    """An event as a newer version of the program would have written it."""
    last = seat.store.log.load(stream)[-1].envelope
    newer = msgspec.structs.replace(
        last, id=f"{last.id[:-4]}ffff", version=last.version + 1, type=event_type, schema=schema, n=last.n + 1000
    )
    columns = (*Envelope.__struct_fields__, "body")
    seat.store.connection.execute(
        f"INSERT INTO event ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        (*msgspec.structs.astuple(newer), '{"mood": "calm"}'),
    )


@pytest.mark.parametrize(("event_type", "schema"), [("call.mood_measured", 1), ("call.parked", 2)])
def test_a_call_with_facts_of_a_newer_program_can_be_read_and_not_changed(
    office: Office, event_type: str, schema: int
) -> None:
    seat = office()
    call, matter = take(seat)
    write_by_hand(seat, f"call:{call}", event_type, schema)
    before = seat.store.log.version(f"call:{call}")
    for decision in (
        intake.conclude(seat.desk, call, matter, ANSWERED, intake.Telling()),
        intake.park(seat.desk, call),
        intake.close(seat.desk, call),
    ):
        assert blocked(decision) == ((), "stream.read_only")
    assert seat.store.log.version(f"call:{call}") == before
    assert seat.desk.call(call).number == NUMBER


def test_no_order_is_raised_from_a_call_of_a_newer_program_and_no_number_is_used(office: Office) -> None:
    seat = office()
    call, matter = take(seat)
    write_by_hand(seat, f"call:{call}", "call.mood_measured")
    refused = intake.raise_order(seat.desk, call, matter, form("fujian"), intake.Telling())
    assert blocked(refused.decision) == ((), "stream.read_only")
    assert seat.records.orders(10) == []
    assert rows(seat.store.connection, "SELECT * FROM running_number") == []


def test_an_order_with_facts_of_a_newer_program_takes_no_step(office: Office) -> None:
    seat = office()
    order = intake.raise_order(seat.desk, "", "", form("fujian"), intake.Telling()).order
    write_by_hand(seat, f"order:{order}", "order.blessed")
    assert blocked(handling.dispatch(seat.desk, order)) == ((), "stream.read_only")


def test_everything_else_goes_on_beside_a_stream_of_a_newer_program(office: Office) -> None:
    seat = office()
    call, _ = take(seat)
    write_by_hand(seat, f"call:{call}", "call.mood_measured")
    other, matter = take(seat)
    facts(intake.conclude(seat.desk, other, matter, ANSWERED, intake.Telling()))


def test_an_erased_call_is_gone_from_every_list(office: Office) -> None:
    seat = office()
    call, matter = take(seat)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "住在五四路"}))
    facts(intake.conclude(seat.desk, call, matter, ANSWERED, intake.Telling("住在五四路")))
    facts(intake.close(seat.desk, call))
    intake.erase_call(seat.desk, call, "保存期满")
    assert seat.records.history(NUMBER).calls == ()
    assert seat.records.calls(10) == []
    assert seat.desk.call(call).number == ""
    assert all(matter.note == "" for matter in seat.desk.call(call).matters)
    assert intake.load_draft(seat.desk, call) is None
    with pytest.raises(UnknownName):
        seat.records.call(call)


def test_that_a_call_was_erased_and_why_is_an_event_itself(office: Office, clock: SettableClock) -> None:
    seat = office()
    call, _ = take(seat)
    intake.erase_call(seat.desk, call, "保存期满")
    intake.erase_call(seat.desk, call, "再来一次")
    facts_left = [event.fact for event in seat.store.log.load(f"call:{call}") if event.fact is not None]
    assert [fact for fact in facts_left if isinstance(fact, CallErased)] == [CallErased("保存期满", clock.now())]


def test_an_erased_call_is_not_worked_on(office: Office) -> None:
    seat = office()
    call, matter = take(seat)
    intake.erase_call(seat.desk, call, "保存期满")
    assert blocked(intake.park(seat.desk, call)) == ((), "stream.erased")
    raised = intake.raise_order(seat.desk, call, matter, form("fujian"), intake.Telling())
    assert blocked(raised.decision) == ((), "stream.erased")


def test_the_order_of_an_erased_call_stays(office: Office) -> None:
    seat = office()
    call, matter = take(seat)
    number = intake.raise_order(seat.desk, call, matter, form("fujian"), intake.Telling()).number
    intake.erase_call(seat.desk, call, "保存期满")
    assert seat.records.order(number).details.caller_name == "陈女士"


def test_a_call_nobody_took_cannot_be_erased(office: Office) -> None:
    seat = office()
    with pytest.raises(UnknownName):
        intake.erase_call(seat.desk, "01a2-nothing", "保存期满")
    assert seat.store.log.load("call:01a2-nothing") == []


def test_nothing_personal_stands_in_clear_in_the_file(office: Office, home: Path) -> None:
    seat = office()
    call, matter = take(seat)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "住在五四路二十号"}))
    telling = intake.Telling("住在五四路二十号", "请她去找房东")
    intake.raise_order(seat.desk, call, matter, form("fujian", point="五四路二十号"), telling)
    seat.close()
    written = b"".join(path.read_bytes() for path in home.iterdir())
    for secret in (NUMBER, "陈女士", "五四路二十号", "请她去找房东", "路灯三天不亮"):
        assert secret.encode() not in written, secret


def test_two_desks_on_one_file_see_each_other(office: Office) -> None:
    one, other = office(), office()
    call, matter = take(one)
    facts(intake.conclude(other.desk, call, matter, ANSWERED, intake.Telling()))
    late = intake.conclude(one.desk, call, matter, Answered("kb-2", 1), intake.Telling())
    assert blocked(late) == ((), "matter.has_outcome")
    assert one.desk.call(call).matters[0].outcome == ANSWERED


def test_desks_working_at_once_never_draw_one_number_twice(home: Path, clock: SettableClock) -> None:
    def work(_desk: int) -> list[str]:
        seat = open_desk(home, Settings(jurisdiction="fujian", seat="12", operator="张三"), clock)
        try:
            return [
                intake.raise_order(seat.desk, *take(seat), form("fujian"), intake.Telling()).number for _ in range(5)
            ]
        finally:
            seat.close()

    with ThreadPoolExecutor(3) as pool:
        numbers = [number for drawn in pool.map(work, range(3)) for number in drawn]
    assert sorted(number[10:14] for number in numbers) == [f"{running:04d}" for running in range(1, 16)]
