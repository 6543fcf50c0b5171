"""From answering to an outcome that is on the disk."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.desk import Desk
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Done, Missing
from agent_console.domain.instants import parse
from agent_console.domain.intake.calls import CallClosed, DescribeCaller
from agent_console.domain.intake.matters import MatterConcluded
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Ordered, Refused, Transferred
from agent_console.domain.work_order.order_numbers import is_valid
from agent_console.domain.work_order.orders import OrderRaised
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from tests.conftest import Office
from tests.support.clock import SettableClock
from tests.support.rule_of import FIVE, blocked, facts
from tests.support.stories import form

NUMBER = "13800138000"
REASONS = ("无声", "误拨")


def take(desk: Desk, number: str = NUMBER) -> tuple[str, str]:
    """Answer a call; its id and the id of its first matter."""
    decision, call = intake.take_call(desk, number)
    facts(decision)
    matter = desk.call(call).open_matter
    assert matter is not None
    return call, matter.id


def running_numbers(office: OpenDesk) -> list[int]:
    """Last running number of every day on which one was drawn."""
    return [last for (last,) in rows(office.store.connection, "SELECT last FROM running_number ORDER BY day")]


def draft_of(desk: Desk, call: str) -> str:
    draft = intake.load_draft(desk, call)
    return draft.fields["note"] if draft else ""


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_an_order_its_number_and_the_outcome_of_the_matter_are_kept_together(office: Office, jurisdiction: str) -> None:
    seat = office(jurisdiction)
    call, matter = take(seat.desk)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "路灯不亮"}))
    raised = intake.raise_order(seat.desk, call, matter, form(jurisdiction), intake.Telling(note="路灯不亮"))
    assert isinstance(raised.decision, Done)
    assert is_valid(raised.number)
    assert (raised.number[:6], raised.number[10:14]) == ("260302", "0001")
    assert int(raised.number[6:10]) == seat.store.identity.seat_number
    order, told = seat.desk.order(raised.order), seat.desk.call(call).matters[0]
    assert (order.number, order.call, order.matter, order.status) == (raised.number, call, matter, "raised")
    assert (told.outcome, told.note) == (Ordered(raised.order, raised.number), "路灯不亮")
    assert draft_of(seat.desk, call) == ""
    assert running_numbers(seat) == [1]


def test_order_and_outcome_have_one_cause(office: Office) -> None:
    seat = office()
    call, matter = take(seat.desk)
    raised = intake.raise_order(seat.desk, call, matter, form("fujian"), intake.Telling())
    [made] = seat.store.log.load(f"order:{raised.order}")
    concluded = seat.store.log.load(f"call:{call}")[-1]
    assert isinstance(made.fact, OrderRaised)
    assert isinstance(concluded.fact, MatterConcluded)
    assert made.envelope.cause == concluded.envelope.cause != ""
    assert (made.envelope.n + 1) == concluded.envelope.n


def test_an_order_the_rule_book_refuses_leaves_no_trace_and_uses_no_number(office: Office) -> None:
    seat = office()
    call, matter = take(seat.desk)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "路灯不亮"}))
    refused = intake.raise_order(seat.desk, call, matter, form("fujian", kind=""), intake.Telling())
    assert refused == intake.OrderRaising(Missing(("kind",), "FJ-2.2"))
    assert running_numbers(seat) == []
    assert seat.records.orders(10) == []
    assert draft_of(seat.desk, call) == "路灯不亮"
    raised = intake.raise_order(seat.desk, call, matter, form("fujian"), intake.Telling())
    assert raised.number[10:14] == "0001"


def test_a_matter_that_has_its_outcome_gets_no_order_and_no_number(office: Office) -> None:
    seat = office()
    call, matter = take(seat.desk)
    facts(intake.conclude(seat.desk, call, matter, Answered("kb-1", 1), intake.Telling()))
    refused = intake.raise_order(seat.desk, call, matter, form("fujian"), intake.Telling())
    assert blocked(refused.decision) == ((), "matter.has_outcome")
    assert (refused.order, refused.number) == ("", "")
    assert seat.records.orders(10) == []
    assert running_numbers(seat) == []


def test_an_order_can_be_raised_without_a_call(office: Office) -> None:
    seat = office()
    raised = intake.raise_order(seat.desk, "", "", form("fujian"), intake.Telling())
    assert seat.desk.order(raised.order).call == ""


def test_the_numbers_of_a_day_run_on_and_begin_anew_the_next(office: Office, clock: SettableClock) -> None:
    seat = office()
    for moment, expected in (
        ("2026-03-02T10:00+08:00", ("260302", "0001")),
        ("2026-03-02T23:59:59+08:00", ("260302", "0002")),
        ("2026-03-03T00:00:00+08:00", ("260303", "0001")),
    ):
        clock.set(moment)
        number = intake.raise_order(seat.desk, "", "", form("fujian"), intake.Telling()).number
        assert (number[:6], number[10:14]) == expected


@pytest.mark.parametrize(
    "outcome",
    [
        Answered("kb-1", 3),
        Refused("FJ-13.7", explained=True, guided=True),
        Transferred("供水公司", "three_way"),
        FollowedUp("260302900100012"),
        Interrupted("fire", ("address",)),
    ],
)
def test_an_outcome_is_kept_and_the_draft_goes_with_it(
    office: Office, outcome: Answered | Refused | Transferred | FollowedUp | Interrupted
) -> None:
    seat = office()
    call, matter = take(seat.desk)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "说到一半"}))
    facts(intake.conclude(seat.desk, call, matter, outcome, intake.Telling("说到一半")))
    assert office().desk.call(call).matters[0].outcome == outcome
    assert draft_of(seat.desk, call) == ""
    assert seat.records.callbacks_owed() == (1 if isinstance(outcome, Interrupted) else 0)


def test_every_caller_who_was_gone_is_owed_a_call_back_of_their_own(office: Office) -> None:
    seat = office()
    for _ in range(2):
        call, matter = take(seat.desk)
        facts(intake.conclude(seat.desk, call, matter, Interrupted(), intake.Telling()))
    assert seat.records.callbacks_owed() == 2


def test_an_outcome_that_is_refused_keeps_the_draft(office: Office) -> None:
    seat = office()
    call, matter = take(seat.desk)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "外省的事"}))
    decision = intake.conclude(seat.desk, call, matter, Refused("FJ-13.7"), intake.Telling())
    assert decision == Missing(("explained", "guided"), "FJ-13.z")
    assert draft_of(seat.desk, call) == "外省的事"


def test_one_call_brings_a_refusal_and_an_order(office: Office) -> None:
    seat = office()
    call, first = take(seat.desk)
    refused = Refused("FJ-13.7", explained=True, guided=True)
    facts(intake.conclude(seat.desk, call, first, refused, intake.Telling()))
    facts(intake.next_matter(seat.desk, call))
    second = seat.desk.call(call).open_matter
    assert second is not None
    intake.raise_order(seat.desk, call, second.id, form("fujian"), intake.Telling())
    [*_, closed] = facts(intake.close(seat.desk, call))
    assert closed == CallClosed(parse("2026-03-02T10:00+08:00"))
    assert [type(matter.outcome) for matter in seat.desk.call(call).matters] == [Refused, Ordered]


def test_a_matter_opened_by_mistake_is_taken_back(office: Office) -> None:
    seat = office()
    call, first = take(seat.desk)
    facts(intake.conclude(seat.desk, call, first, Answered("kb-1", 1), intake.Telling()))
    facts(intake.next_matter(seat.desk, call))
    second = seat.desk.call(call).open_matter
    assert second is not None
    facts(intake.drop_matter(seat.desk, call, second.id, written=False))
    facts(intake.close(seat.desk, call))


def test_a_parked_call_comes_back_with_what_was_typed(office: Office, clock: SettableClock) -> None:
    seat = office()
    call, _ = take(seat.desk)
    draft = Draft(f"call:{call}", {"note": "路灯"}, focus="note", cursor=(0, 2), opened_at=clock.now())
    saved = intake.save_draft(seat.desk, draft)
    facts(intake.park(seat.desk, call))
    other, _ = take(seat.desk, "13900139000")
    facts(intake.resume(seat.desk, call))
    assert intake.load_draft(seat.desk, call) == saved
    assert intake.load_draft(seat.desk, other) is None
    facts(intake.hang_up(seat.desk, call))
    assert seat.desk.call(call).ended_at == clock.now()


def test_who_calls_is_written_down(office: Office) -> None:
    seat = office()
    call, _ = take(seat.desk, "")
    facts(intake.describe_caller(seat.desk, call, DescribeCaller(NUMBER, "陈女士", caller_type="citizen")))
    assert [known.caller_name for known in seat.records.history(NUMBER).calls] == ["陈女士"]


def test_an_invalid_call_needs_only_its_reason_and_its_draft_goes(office: Office) -> None:
    seat = office()
    call, _ = take(seat.desk)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "喂？"}))
    facts(intake.mark_invalid(seat.desk, call, "无声", REASONS))
    assert seat.records.unfinished_calls() == []
    assert draft_of(seat.desk, call) == ""
    [(matters,)] = rows(seat.store.connection, "SELECT matters FROM call")
    assert matters == 0


def test_nothing_is_kept_of_a_call_that_nobody_took(office: Office) -> None:
    seat = office("fujian")
    decision, call = intake.take_call(seat.desk, NUMBER, channel="fax")
    assert decision == Missing(("channel",), "FJ-2.1")
    assert seat.store.log.load(f"call:{call}") == []
    assert seat.records.calls(10) == []
