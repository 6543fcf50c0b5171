"""The monitor on the seat's own file: lists, alarms, hot events, deciding several at once, figures of the shift."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from agent_console.desk.calls import intake, shift
from agent_console.desk.calls.intake import Telling
from agent_console.desk.leaving.seeing import look_at
from agent_console.desk.monitor import alarms, deciding, hot, lists
from agent_console.desk.monitor.seat_wall import LiveWall, LocalWall, is_away
from agent_console.desk.monitor.shift_figures import Rate, figures
from agent_console.desk.monitor.snapshot import glance
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Done
from agent_console.domain.instants import MINUTE, parse
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Refused
from agent_console.domain.oversight.alarms import Alarm, Thresholds
from agent_console.domain.oversight.hot_events import HotEvent, HotWords
from agent_console.domain.work_order.order_steps import DispatchOrder
from agent_console.settings import Settings
from agent_console.store.drafts import Draft
from agent_console.sync import watching
from agent_console.sync.watching import SeatWatch
from agent_console.sync.wire import SeatNow, Seats
from screens.monitor import rows

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, OPERATOR, blocked, facts

SETTINGS = Settings(jurisdiction="fujian", seat="12", operator="张三")
_GONE = ("c", "7", "", "signed_out")
WORDS = HotWords("五四路停水", "主管爆裂，今晚十点前恢复", ("五四路",), ("停水", "没水"))


def calling(seat: OpenDesk, note: str = "", number: str = "13800138000") -> tuple[str, str]:
    """A call in hand with a saved note; its id and its matter."""
    shift.sign_in(seat.desk)
    decision, call = intake.take_call(seat.desk, number)
    facts(decision)
    shift.change(seat.desk, "busy")
    if note:
        intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": note}))
    [matter] = seat.desk.call(call).matters
    return call, matter.id


def kinds(opened: OpenDesk, limits: Thresholds | None = None) -> list[str]:
    """The alarms there are, by kind."""
    seats = LocalWall(opened, SETTINGS).seats()
    return [alarm.kind for alarm in heard(opened, seats, limits)]


def heard(opened: OpenDesk, seats: Sequence[SeatNow] = (), limits: Thresholds | None = None) -> tuple[Alarm, ...]:
    """Every alarm, as the monitor tells them."""
    at, limits = opened.desk.context().now, limits or Thresholds()
    found = (*alarms.of_seats(opened, seats, limits, at), *alarms.of_file(opened, limits, at))
    return alarms.in_order(opened, found)


# the wall


def test_a_wall_whose_stream_breaks_off_says_so_and_keeps_what_it_heard_for_a_while(
    office: Office, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = SeatWatch()
    wall = LiveWall(LocalWall(office("fujian", LEAD), SETTINGS), watch, SETTINGS.wall_hours)
    sources = [wall.source]
    busy, ready, gone = (SeatNow(*seat) for seat in (("a", "9", "张三", "busy"), ("b", "12", "王四", "ready"), _GONE))
    watch._told(Seats((ready, busy, gone)))
    sources.append(wall.source)
    assert [seat.operator for seat in wall.seats()] == ["张三", "王四"]
    watch._broke_off()
    assert [*sources, wall.source] == ["mirror", "stream", "mirror"]
    assert {"张三", "王四"} <= {seat.operator for seat in wall.seats()}
    monkeypatch.setattr(watching, "_KEPT_SECONDS", 0.0)
    assert "王四" not in {seat.operator for seat in wall.seats()}


def test_a_seat_that_goes_off_the_line_stays_as_it_was_until_the_hours_have_passed(
    office: Office, clock: SettableClock
) -> None:
    lead, watch, now = office("fujian", LEAD), SeatWatch(), clock.now()
    wall = LiveWall(LocalWall(lead, SETTINGS), watch, hours=2)
    gone, there = (
        SeatNow(device, number, name, "busy", since=now, fresh_at=now, at=now)
        for device, number, name in (("a", "9", "张三"), ("b", "12", "王四"))
    )
    watch._told(Seats((gone, there)))
    assert glance(lead, wall, SETTINGS).present == 2
    clock.set("2026-03-02T11:59:00")
    watch._told(Seats((msgspec.structs.replace(there, at=clock.now(), fresh_at=clock.now()),)))
    seen = glance(lead, wall, SETTINGS)
    assert [(seat.operator, is_away(seat, seen.now)) for seat in seen.seats] == [("张三", True), ("王四", False)]
    assert (seen.present, [(alarm.kind, alarm.operator) for alarm in seen.alarms]) == (1, [("silent", "张三")])
    assert rows.seat(seen.seats[0], seen.now).state == "closed"
    clock.set("2026-03-02T12:00:01")
    assert [seat.operator for seat in wall.seats()] == ["王四"]


def test_who_signed_out_is_not_held_on_the_wall(office: Office, clock: SettableClock) -> None:
    watch, now = SeatWatch(), clock.now()
    wall = LiveWall(LocalWall(office("fujian", LEAD), SETTINGS), watch, hours=2)
    seat = SeatNow("a", "9", "张三", "ready", since=now, fresh_at=now, at=now)
    watch._told(Seats((seat,)))
    assert len(wall.seats()) == 1
    watch._told(Seats((msgspec.structs.replace(seat, state="signed_out"),)))
    assert wall.seats() == ()
    watch._told(Seats(()))
    clock.set("2026-03-02T10:05:00")
    assert wall.seats() == ()


def test_while_the_stream_is_cut_nobody_else_is_called_silent(office: Office, clock: SettableClock) -> None:
    lead, watch, now = office("fujian", LEAD), SeatWatch(), clock.now()
    wall = LiveWall(LocalWall(lead, SETTINGS), watch, hours=2)
    watch._told(Seats((SeatNow("a", "9", "张三", "busy", since=now, fresh_at=now, at=now),)))
    wall.seats()
    watch._broke_off()
    clock.set("2026-03-02T10:30:00")
    seen = glance(lead, wall, SETTINGS)
    assert (len(seen.seats), seen.alarms) == (1, ())


def test_a_call_parked_at_another_seat_is_an_alarm_as_well(office: Office, clock: SettableClock) -> None:
    lead, now = office("fujian", LEAD), clock.now()
    seat = SeatNow("device", "9", "张三", "ready", since=now, fresh_at=now, parked=1, oldest_parked=now - 31 * MINUTE)
    [alarm] = heard(lead, (seat,), Thresholds(parked_minutes=30))
    assert (alarm.kind, alarm.seat) == ("parked", "9")


def test_a_seat_shows_operator_state_kind_and_colour_of_the_call_in_hand(office: Office, clock: SettableClock) -> None:
    seat = office("fujian", OPERATOR)
    calling(seat, "楼下有人拿刀打架，请快来人")
    clock.set("2026-03-02T10:02:00")
    [now] = LocalWall(office("fujian", LEAD), SETTINGS).seats()
    told = (now.seat, now.operator, now.state, now.colour, now.parked, now.unsent)
    assert told == ("12", "张三", "busy", "emergency", 0, 0)
    assert (now.since, now.fresh_at) == (parse("2026-03-02T10:00:00"), parse("2026-03-02T10:00:00"))


@pytest.mark.parametrize(
    ("note", "kind", "colour"),
    [("五四路路灯坏了请帮忙修", "求助", "accept"), ("法院判了不服，想让你们改判", "", "refusal"), ("", "", "")],
)
def test_what_is_not_an_emergency_has_its_own_colour(office: Office, note: str, kind: str, colour: str) -> None:
    seat = office("fujian", OPERATOR)
    calling(seat, note)
    [now] = LocalWall(seat, SETTINGS).seats()
    assert (now.call_kind, now.colour) == (kind, colour)


# lists


def test_orders_stand_where_their_clocks_put_them(office: Office, clock: SettableClock) -> None:
    unsigned = Case(office, clock, "fujian").dispatched()
    signed = Case(office, clock, "fujian").signed()
    lead = office("fujian", LEAD)
    assert lists.counts(lead).orders["unsigned"] == 1
    assert [one.order.id for one in lists.orders(lead, "unsigned")] == [unsigned.id]
    clock.set("2026-03-16T23:30:00")
    [due] = [one for one in lists.orders(lead, "due_hour") if one.order.id == signed.id]
    assert (due.clock, due.due) == ("handle", parse(signed.due()))
    assert signed.id in {one.order.id for one in lists.orders(lead, "due_today")}
    clock.set("2026-03-17T09:00:00")
    assert {one.order.id for one in lists.orders(lead, "overdue")} >= {signed.id}
    assert lists.counts(lead).orders["due_hour"] == 0


def test_requests_and_the_dissatisfied_wait_for_a_decision(office: Office, clock: SettableClock) -> None:
    returned = Case(office, clock, "zhijiang").dispatched()
    facts(returned.return_())
    extended = Case(office, clock, "zhijiang").signed()
    facts(extended.extend(5))
    judged = Case(office, clock, "fujian").completed()
    facts(judged.rate("dissatisfied"))
    lead = office("zhijiang", LEAD)
    assert [one.order.id for one in lists.orders(lead, "returns")] == [returned.id]
    assert [one.order.id for one in lists.orders(lead, "extensions")] == [extended.id]
    assert [one.order.id for one in lists.orders(office("fujian", LEAD), "dissatisfied")] == [judged.id]


def test_a_unit_is_counted_only_what_it_sees(office: Office, clock: SettableClock) -> None:
    Case(office, clock, "fujian").dispatched()
    Case(office, clock, "fujian").dispatched(lead="水利局")
    assert lists.counts(office("fujian", CLERK)).orders["unsigned"] == 1
    assert lists.counts(office("fujian", LEAD)).orders["unsigned"] == 2


def test_refusals_and_emergencies_of_the_day_are_told_by_class_and_clause(office: Office) -> None:
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat)
    refused = Refused("FJ-13.3", "litigation", explained=True, guided=True, told={"route": "法院诉讼"})
    facts(intake.conclude(seat.desk, call, matter, refused, Telling("官司判了不服")))
    call, matter = calling(seat)
    telling = Telling("有人打架", "报警", proposed=("police_110", "accept"))
    facts(intake.conclude(seat.desk, call, matter, Answered(), telling))
    lead = office("fujian", LEAD)
    [one] = lists.refused(lead)
    assert (one.agent, one.taken, one.clause) == ("张三", "litigation", "FJ-13.3")
    [alarm] = lists.emergencies(lead)
    assert (alarm.proposed.split()[0], alarm.outcome) == ("police_110", "answered")


def test_a_topic_boils_up_by_place_with_its_curve(office: Office, clock: SettableClock) -> None:
    for minute in ("09:10", "09:40", "09:50"):
        clock.set(f"2026-03-02T{minute}:00")
        Case(office, clock, "fujian").raised(concerns="供水公司", district="鼓楼区")
    clock.set("2026-03-01T20:00:00")
    Case(office, clock, "fujian").raised(concerns="公交站", district="台江区")
    clock.set("2026-03-02T10:30:00")
    first, second = lists.topics(office("fujian", LEAD))
    assert (first.name, first.district, first.hour, first.day) == ("供水公司", "鼓楼区", 2, 3)
    assert (first.curve[-2:], sum(first.curve)) == ((1, 2), 3)
    assert (second.name, second.hour, second.day) == ("公交站", 0, 1)


# alarms


def test_an_emergency_and_a_seat_that_fell_silent_are_heard(office: Office, clock: SettableClock) -> None:
    seat = office("fujian", OPERATOR)
    calling(seat, "楼下有人拿刀打架")
    assert kinds(seat) == ["emergency"]
    clock.set("2026-03-02T10:09:59")
    assert kinds(seat) == ["emergency"]
    clock.set("2026-03-02T10:10:00")
    assert kinds(seat) == ["emergency", "silent"]


def test_a_parked_call_that_was_forgotten_is_heard_after_the_time_that_is_set(
    office: Office, clock: SettableClock
) -> None:
    seat = office("fujian", OPERATOR)
    call, _ = calling(seat)
    intake.park(seat.desk, call)
    shift.change(seat.desk, "ready")
    clock.set("2026-03-02T10:05:00")
    assert kinds(seat) == []
    assert kinds(seat, Thresholds(parked_minutes=5)) == ["parked"]


def test_an_urgent_order_without_its_telephone_call_is_heard_until_it_was_made(
    office: Office, clock: SettableClock
) -> None:
    order = Case(office, clock, "fujian").dispatched(urgency="urgent")
    lead = office("fujian", LEAD)
    clock.set("2026-03-02T10:06:00")
    assert "urgent_call" in kinds(lead)
    facts(order.record("phone_notice", OPERATOR, "", called_person="值班员", called_at="2026-03-02T10:06"))
    assert "urgent_call" not in kinds(lead)


def test_a_clock_about_to_run_out_is_heard(office: Office, clock: SettableClock) -> None:
    Case(office, clock, "fujian").signed()
    lead = office("fujian", LEAD)
    clock.set("2026-03-16T23:20:00")
    assert "clock" not in kinds(lead)
    clock.set("2026-03-16T23:40:00")
    assert "clock" in kinds(lead)


def test_an_outbox_that_grows_is_heard_where_there_is_a_server(office: Office) -> None:
    seat = office("fujian", OPERATOR)
    calling(seat)
    wall = LocalWall(seat, msgspec.structs.replace(SETTINGS, server="https://example.invalid"))
    assert [alarm.kind for alarm in heard(seat, wall.seats(), Thresholds(unsent=1))] == ["outbox"]
    assert kinds(seat, Thresholds(unsent=1)) == []


def test_two_leads_do_not_chase_the_same(office: Office, clock: SettableClock) -> None:
    Case(office, clock, "fujian").dispatched(urgency="urgent")
    clock.set("2026-03-02T10:06:00")
    lead, other = office("fujian", LEAD), office("fujian", msgspec.structs.replace(LEAD, name="王班长"))
    [alarm] = [one for one in heard(lead) if one.kind == "urgent_call"]
    facts(alarms.take(lead.desk, alarm.id))
    [seen] = [one for one in heard(other) if one.id == alarm.id]
    assert seen.by == LEAD.name
    assert blocked(alarms.take(other.desk, alarm.id)) == ((), "alarm.taken_by")


# hot events


def pin(office: Office, words: HotWords = WORDS) -> str:
    decision, event = hot.pin(office("fujian", LEAD).desk, words)
    facts(decision)
    return event


def event_of(opened: OpenDesk, event: str) -> HotEvent:
    return next(one for one in hot.pinned(opened) if one.id == event)


@pytest.mark.parametrize("note", ["五四路停水了什么时候来", "我家在五四路，水龙头一滴水都没有，停水"])
def test_a_call_that_tells_of_it_is_answered_on_one_key_and_counted(office: Office, note: str) -> None:
    event = pin(office)
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat, note)
    found = hot.told_of(seat, note)
    assert found is not None
    facts(hot.answer(seat, found.id, seat.desk.call(call), matter, Telling(note)))
    [told] = seat.desk.call(call).matters
    assert (told.outcome, told.words) == (Answered(hot=event, version=1), WORDS.answer)
    assert event_of(seat, event).answered == 1
    assert [caller.id for caller in hot.callers(seat, event)] == [call]
    assert seat.store.drafts.list() == []


def test_other_troubles_and_other_places_bring_no_event(office: Office) -> None:
    pin(office)
    seat = office("fujian", OPERATOR)
    assert [hot.told_of(seat, note) for note in ("五四路路灯不亮", "湖东路停水", "")] == [None, None, None]


def test_while_its_master_order_runs_the_caller_joins_it_instead_of_a_second_order(
    office: Office, clock: SettableClock
) -> None:
    master = Case(office, clock, "fujian").signed()
    words = msgspec.structs.replace(WORDS, order=master.id, number=master.order.number)
    event = pin(office, words)
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat)
    facts(hot.answer(seat, event, seat.desk.call(call), matter, Telling("五四路停水")))
    assert seat.desk.call(call).matters[0].outcome == FollowedUp(master.order.number, master.id)
    assert [caller.call for caller in master.order.callers] == [call]
    facts(master.complete())
    call, matter = calling(seat)
    facts(hot.answer(seat, event, seat.desk.call(call), matter, Telling("五四路停水")))
    assert seat.desk.call(call).matters[0].outcome == Answered(hot=event, version=1)
    assert event_of(seat, event).answered == 2


def test_where_a_step_is_refused_nothing_is_counted(office: Office) -> None:
    event = pin(office)
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat)
    facts(intake.conclude(seat.desk, call, matter, Answered(), Telling("已说明")))
    decision = hot.answer(seat, event, seat.desk.call(call), matter, Telling("五四路停水"))
    assert blocked(decision) == ((), "matter.has_outcome")
    assert event_of(seat, event).answered == 0


def test_a_confidential_call_is_not_listed_with_others(office: Office) -> None:
    event = pin(office)
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat)
    facts(intake.describe_caller(seat.desk, call, DescribeCaller(confidential=True)))
    decision = hot.answer(seat, event, seat.desk.call(call), matter, Telling("五四路停水"))
    assert blocked(decision) == ((), "hot.confidential")


def test_erasing_a_call_takes_its_caller_out_of_the_list(office: Office) -> None:
    event = pin(office)
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat)
    facts(hot.answer(seat, event, seat.desk.call(call), matter, Telling("五四路停水")))
    intake.close(seat.desk, call)
    intake.erase_call(seat.desk, call, "到期")
    assert hot.callers(seat, event) == []
    assert event_of(seat, event).answered == 1


# deciding


def test_the_rule_is_told_before_anything_is_decided(office: Office, clock: SettableClock) -> None:
    order = Case(office, clock, "zhijiang").signed()
    facts(order.extend(5))
    lead = office("zhijiang", LEAD)
    rule = deciding.governed(lead.desk, order.id, deciding.EXTENSION)
    assert rule is not None
    assert rule.clauses[0].startswith("ZJ-")
    assert "lead" in rule.roles
    [moved] = [move for move in rule.moves if move.clock == "handle"]
    assert moved.before == parse(order.due())
    facts(deciding.decide(lead.desk, [order.id], deciding.EXTENSION, {"granted": "yes", "reason": "同意"})[0].decision)
    assert parse(order.due()) == moved.after


def test_several_are_decided_with_one_reason_and_what_a_rule_refuses_stays(
    office: Office, clock: SettableClock
) -> None:
    asking = [Case(office, clock, "zhijiang").dispatched() for _ in range(2)]
    for order in asking:
        facts(order.return_())
    quiet = Case(office, clock, "zhijiang").signed()
    lead = office("zhijiang", LEAD)
    orders = [*(order.id for order in asking), quiet.id]
    fields = {"granted": "no", "reason": "三定方案写明由你单位办理"}
    outcomes = deciding.decide(lead.desk, orders, deciding.RETURN, fields)
    assert [isinstance(one.decision, Done) for one in outcomes] == [True, True, False]
    assert [order.order.return_requested for order in asking] == [False, False]
    assert quiet.order.status == "signed"


def test_an_order_that_came_back_at_once_waits_to_be_handed_on(office: Office, clock: SettableClock) -> None:
    order = Case(office, clock, "fujian").dispatched()
    facts(order.return_())
    lead = office("fujian", LEAD)
    assert deciding.step_on(lead.desk, "returns", order.id) == "dispatch"
    [outcome] = deciding.decide(lead.desk, [order.id], "dispatch", {"lead": "水利局"})
    facts(outcome.decision)
    assert (order.order.lead, order.order.status) == ("水利局", "dispatched")


def test_a_step_the_book_does_not_know_is_not_offered(office: Office, clock: SettableClock) -> None:
    order = Case(office, clock, "fujian").signed()
    assert deciding.governed(office("fujian", LEAD).desk, order.id, deciding.URGE) is None


def test_what_a_lead_decides_from_the_monitor_names_no_caller(office: Office, clock: SettableClock) -> None:
    order = Case(office, clock, "fujian").signed()
    lead = office("fujian", LEAD)
    assert order.order.details.caller_name
    assert look_at(lead.desk, lead.desk.order(order.id))
    rule = deciding.governed(office("fujian", CLERK).desk, order.id, deciding.SUPERVISE)
    assert rule is not None
    assert rule.order.details.caller_name == ""


# figures


def answered(seat: OpenDesk, clock: SettableClock, at: str, until: str, rang: str = "") -> None:
    """A call that was answered on the spot, with its wrap-up of half a minute."""
    clock.set(at)
    shift.sign_in(seat.desk)
    _, call = intake.take_call(seat.desk, "13800138000", rang_at=parse(rang) if rang else 0)
    shift.change(seat.desk, "busy")
    [matter] = seat.desk.call(call).matters
    clock.set(until)
    facts(intake.conclude(seat.desk, call, matter.id, Answered(), Telling("问社保卡", "到窗口")))
    facts(intake.close(seat.desk, call))
    shift.change(seat.desk, "wrap_up")
    clock.set(clock.now() + 30_000_000)
    shift.change(seat.desk, "ready")


def test_this_hour_stands_beside_the_same_part_of_the_hour_on_other_days(office: Office, clock: SettableClock) -> None:
    seat = office("fujian", OPERATOR)
    answered(seat, clock, "2026-02-27T10:05:00", "2026-02-27T10:06:00")
    answered(seat, clock, "2026-02-27T10:40:00", "2026-02-27T10:50:00")
    answered(seat, clock, "2026-03-02T09:10:00", "2026-03-02T09:16:00")
    answered(seat, clock, "2026-03-02T10:01:00", "2026-03-02T10:03:00", rang="2026-03-02T10:00:50")
    answered(seat, clock, "2026-03-02T10:05:00", "2026-03-02T10:09:00", rang="2026-03-02T10:04:30")
    clock.set("2026-03-02T10:20:00")
    found = figures(seat, SETTINGS)
    assert (found.hour.taken, found.hour.handling, found.hour.wrap_up) == (2, 180.0, 30.0)
    assert found.hour.in_standard == Rate(1, 2)
    assert (found.today.taken, found.today.direct) == (3, Rate(3, 3))
    assert [day.taken for day in found.others] == [1]
    assert found.usual(lambda one: one.handling) == 60.0


def test_nobody_is_ranked_and_everybody_reads_the_own_pace_beside_the_median(
    office: Office, clock: SettableClock
) -> None:
    for name, until in (("甲", "10:01"), ("乙", "10:03"), ("丙", "10:09")):
        seat = office("fujian", msgspec.structs.replace(OPERATOR, name=name))
        answered(seat, clock, "2026-03-02T10:00:00", f"2026-03-02T{until}:00")
    found = figures(seat, SETTINGS)
    assert found.own is not None
    assert found.team is not None
    assert (found.own.handling, found.team.handling, found.people) == (540.0, 180.0, 3)
    told = msgspec.json.encode(found).decode()
    assert not [name for name in ("甲", "乙", "丙") if name in told]


def test_orders_by_kind_and_refusals_by_clause_are_counted(office: Office, clock: SettableClock) -> None:
    Case(office, clock, "fujian").raised().do(DispatchOrder())
    seat = office("fujian", OPERATOR)
    call, matter = calling(seat)
    refused = Refused("FJ-13.3", "litigation", explained=True, guided=True, told={"route": "法院诉讼"})
    facts(intake.conclude(seat.desk, call, matter, refused, Telling("官司判了不服")))
    today = figures(seat, SETTINGS).today
    assert (today.orders, today.refused, today.direct) == ({"投诉": 1}, {"FJ-13.3": 1}, Rate(0, 1))
