"""A call ended for abuse after two warnings: the record says so, and a lead hears of it, in every city."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.desk.calls import abuse, intake, shift
from agent_console.desk.calls.abuse import Warned
from agent_console.desk.calls.intake import Telling
from agent_console.desk.monitor import alarms
from agent_console.desk.opening import OpenDesk
from agent_console.domain.intake.call_marks import CallMarked
from agent_console.domain.intake.outcomes import Answered, Ended
from agent_console.domain.oversight.alarms import Alarm, Thresholds
from agent_console.resources.rule_books import house, jurisdiction_codes

from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, OPERATOR, blocked, facts

WARNED = Warned("security_superstition_abuse", 1, ("which:1", "warn_first:next", "calm_first:no", "explain_abuse:next"))
MARKS = {"binzhou": "harassment"}
"""The mark of the rule book that stands for abuse, where it is not called so."""


def calling(seat: OpenDesk) -> str:
    """A call in hand."""
    shift.sign_in(seat.desk)
    decision, call = intake.take_call(seat.desk, "13800138000")
    facts(decision)
    return call


def ended(seat: OpenDesk, note: str = "") -> str:
    """A call that was ended for abuse."""
    call = calling(seat)
    facts(abuse.end(seat.desk, call, WARNED, Telling(note, "辱骂不停"), "骚扰", house().invalid_reasons))
    return call


def heard(opened: OpenDesk) -> list[Alarm]:
    """What the monitor tells of abuse."""
    found = alarms.in_order(opened, alarms.of_file(opened, Thresholds(), opened.desk.context().now))
    return [alarm for alarm in found if alarm.kind == "abuse"]


@pytest.mark.parametrize("code", jurisdiction_codes())
def test_in_every_city_the_record_says_what_was_read_out_and_a_lead_hears_who_had_to_end_it(
    office: Office, code: str
) -> None:
    seat = office(code, OPERATOR)
    call = ended(seat, "你们都是饭桶")
    kept = seat.desk.call(call)
    [mark] = kept.marks
    assert (kept.status, kept.reason) == ("invalid", "骚扰")
    assert (mark.mark, mark.note) == (MARKS.get(code, "abuse"), "你们都是饭桶")
    assert (mark.ended, mark.script, mark.script_version, mark.path) == (True, *msgspec.structs.astuple(WARNED))
    [alarm] = heard(office(code, LEAD))
    assert (alarm.seat, alarm.operator, alarm.call) == ("12", OPERATOR.name, call)


def test_a_call_that_came_to_something_before_keeps_that_and_is_marked_all_the_same(office: Office) -> None:
    seat = office("zhijiang", OPERATOR)
    call = calling(seat)
    [first] = seat.desk.call(call).matters
    facts(intake.conclude(seat.desk, call, first.id, Answered(), Telling("问电话", "已答")))
    facts(intake.next_matter(seat.desk, call))
    facts(abuse.end(seat.desk, call, WARNED, Telling("骂人", "辱骂不停"), "骚扰", house().invalid_reasons))
    kept = seat.desk.call(call)
    assert (kept.status, [matter.words for matter in kept.matters]) == ("live", ["已答", "辱骂不停"])
    assert kept.marks[0].ended
    ended = Ended(WARNED.script, WARNED.script_version, WARNED.path, explained=True, guided=True)
    assert kept.matters[1].outcome == ended


def test_a_warning_alone_alarms_nobody(office: Office) -> None:
    seat = office("fujian", OPERATOR)
    call = calling(seat)
    facts(intake.mark_call(seat.desk, call, "abuse"))
    assert heard(seat) == []
    facts(abuse.report(seat.desk, call, WARNED))
    assert [alarm.call for alarm in heard(seat)] == [call]


def test_a_lead_hears_of_it_for_the_length_of_a_shift_and_takes_care_of_it_once(
    office: Office, clock: SettableClock
) -> None:
    ended(office("hebi", OPERATOR))
    lead, other = office("hebi", LEAD), office("hebi", msgspec.structs.replace(LEAD, name="王班长"))
    [alarm] = heard(lead)
    facts(alarms.take(lead.desk, alarm.id))
    assert [one.by for one in heard(other)] == [LEAD.name]
    clock.set("2026-03-02T21:59:59")
    assert len(heard(lead)) == 1
    clock.set("2026-03-02T22:00:00")
    assert heard(lead) == []


def test_only_who_takes_calls_ends_one_and_nothing_is_kept_otherwise(office: Office) -> None:
    call = calling(office("hebi", OPERATOR))
    unit = office("hebi", CLERK)
    before = unit.desk.call(call)
    refused = abuse.end(unit.desk, call, WARNED, Telling(), "骚扰", house().invalid_reasons)
    assert blocked(refused)[1] == "order.not_your_step"
    assert blocked(intake.mark_call(office("hebi", OPERATOR).desk, call, "abuse"))[1] == "call_mark.unknown"
    assert unit.desk.call(call) == before


def test_a_mark_of_an_earlier_version_is_read_as_one_that_ended_nothing() -> None:
    told = {"mark": "abuse", "note": "", "by": "张三", "role": "operator", "occurred_at": 1}
    mark = msgspec.convert(told, CallMarked)
    assert (mark.ended, mark.script, mark.path) == (False, "", ())
