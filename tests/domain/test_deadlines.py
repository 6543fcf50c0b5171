"""Which rule speaks and what it says, beyond the dated cases."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.domain.instants import iso, parse
from agent_console.domain.time_limits.deadlines import Deadline, ExtensionRequest, Situation, Start, StatutoryLimit, due
from agent_console.domain.time_limits.limits import LIMIT_NAMES, START_EVENTS, LimitRule, LimitTable, Unit, WorkingHours
from agent_console.resources.calendars import load_calendar
from agent_console.resources.limits import limit_codes, load_limits
from agent_console.texts.explain import due_text, explain

MONDAY = "2024-03-11T10:00:00+08:00"


def ask(code: str, limit: str, situation: Situation, event: str = "signed", at: str = MONDAY) -> Deadline:
    return due(load_limits(code), limit, situation, Start(event, parse(at)), load_calendar())


def due_of(deadline: Deadline) -> str | None:
    return None if deadline.due is None else iso(deadline.due)


@pytest.mark.parametrize("code", limit_codes())
@pytest.mark.parametrize("limit", LIMIT_NAMES)
def test_every_limit_can_be_asked_of_every_book(code: str, limit: str) -> None:
    request = ExtensionRequest(2, parse(MONDAY))
    for kind in (None, "咨询", "投诉", "建议", "求助", "举报", "表扬", "意见建议", "其他"):
        for event in ("", *START_EVENTS):
            for channel in (None, "online_platform", "12345_hotline", "service_hall"):
                situation = Situation(kind=kind, channel=channel, urgent=kind == "求助", extension=request)
                assert explain(ask(code, limit, situation, event))


@pytest.mark.clause("FZ-5.3")
def test_the_model_case_of_fuzhou_is_due_on_22_november_2017() -> None:
    saturday = "2017-11-18T15:21:00+08:00"
    plea = ask("fuzhou", "handle", Situation(kind="求助"), at=saturday)
    listed = ask("fuzhou", "handle", Situation(kind="投诉", listed_service_item=True), at=saturday)
    assert due_of(plea) == due_of(listed) == "2017-11-22T23:59:59+08:00"
    assert parse("2017-11-22T23:42:00+08:00") <= (plea.due or 0)


@pytest.mark.clause("FJ-32.2")
def test_fuzhou_shows_what_it_inherits_from_fujian() -> None:
    taken_over = ask("fuzhou", "return", Situation(kind="投诉"), "unit_received")
    own = ask("fuzhou", "handle", Situation(kind="投诉"))
    assert (taken_over.clause, taken_over.inherited) == ("FJ-17.2", True)
    assert "继承自福建省办法" in explain(taken_over)
    assert (own.clause, own.inherited) == ("FZ-7.4", False)


@pytest.mark.clause("FJ-20.5")
def test_an_urgent_matter_of_fujian_is_handled_at_once_and_answered_the_same_day() -> None:
    holiday = "2024-10-03T21:30:00+08:00"
    situation = Situation(kind="投诉", urgent=True, listed_service_item=True)
    answered = ask("fujian", "handle", situation, at=holiday)
    disposed = ask("fujian", "dispose", situation, at=holiday)
    assert (due_of(answered), answered.immediate) == ("2024-10-03T23:59:59+08:00", False)
    assert (due_of(disposed), disposed.immediate) == (holiday, True)


@pytest.mark.clause("FJ-19.1")
def test_a_finding_after_signing_is_reported_at_once_only_where_the_book_says_so() -> None:
    assert ask("fujian", "return", Situation(), "finding_after_signing").immediate
    for code in ("zhijiang", "binzhou", "hebi"):
        assert ask(code, "return", Situation(), "finding_after_signing").due is None


@pytest.mark.clause("HB-6.2.1.4a")
def test_joint_handling_has_no_due_time_before_the_lead_is_named() -> None:
    joint = Situation(kind="投诉", channel="12345_hotline", joint=True)
    waiting = ask("hebi", "handle", joint, "unit_received")
    assert waiting.due is None
    assert "确定牵头单位" in explain(waiting)[0]
    assert due_of(ask("hebi", "handle", joint, "lead_designated")) == "2024-04-01T23:59:59+08:00"


@pytest.mark.clause("HB-6.1.2d")
def test_a_failed_quality_check_gives_no_new_limit() -> None:
    failed = Situation(kind="投诉", channel="online_platform", qc_failed_at=parse("2024-03-14T09:00"))
    original = ask("hebi", "handle", failed, "unit_received")
    redo = ask("hebi", "redo", failed, "unit_received")
    assert due_of(original) == due_of(redo) == "2024-03-18T23:59:59+08:00"
    assert redo.clause == "HB-6.1.2d"
    assert ask("hebi", "redo", failed, "redo_dispatched").due is None


def test_a_redo_is_marked_as_presumed() -> None:
    for code in ("fujian", "zhijiang", "binzhou"):
        redo = ask(code, "redo", Situation(kind="投诉"), "redo_dispatched")
        assert redo.basis == "推定"
        assert any("A-08" in sentence for sentence in explain(redo))


def test_a_refused_return_does_not_move_the_handling_limit() -> None:
    plain = ask("zhijiang", "handle", Situation(kind="投诉"))
    returned = Situation(kind="投诉", return_filed_at=parse(MONDAY), return_refused_at=parse("2024-03-13T10:00"))
    assert ask("zhijiang", "handle", returned).due == plain.due


def test_a_statutory_limit_goes_first_only_where_the_book_lets_it() -> None:
    law = Situation(kind="投诉", channel="online_platform", statutory_limit=StatutoryLimit(30, "natural_day"))
    assert ask("zhijiang", "handle", law).clause == "ZJ-17.2c"
    assert ask("binzhou", "handle", law, "unit_received").clause == "BZ-22.2f"
    assert ask("hebi", "handle", law, "unit_received").clause == "HB-6.1.1f"
    assert ask("fujian", "handle", law).clause == "FJ-20.2a"


def test_an_unsigned_order_counts_as_if_signed_on_arrival_and_says_so() -> None:
    arrived = ask("fujian", "handle", Situation(kind="咨询"), "unit_received")
    assert due_of(arrived) == "2024-03-13T23:59:59+08:00"
    assert any("签收" in sentence and "暂" in sentence for sentence in explain(arrived))


def test_a_same_day_limit_needs_no_holiday_table() -> None:
    late = ask("fujian", "handle", Situation(kind="投诉", urgent=True), at="2031-05-01T10:00")
    assert (due_of(late), late.provisional) == ("2031-05-01T23:59:59+08:00", False)


def test_a_provisional_date_says_so() -> None:
    late = ask("fujian", "handle", Situation(kind="投诉"), at="2026-12-30T10:00")
    assert late.provisional
    assert "暂定" in due_text(late)
    assert "节假日数据未覆盖，暂定" in explain(late)


@pytest.mark.parametrize(
    ("unit", "amount", "expected"),
    [
        ("working_day", 2, "2024-03-13T23:59:59+08:00"),
        ("half_working_day", 1, "2024-03-11T15:45:00+08:00"),
        ("half_working_day", 3, "2024-03-12T15:45:00+08:00"),
        ("natural_day", 5, "2024-03-18T23:59:59+08:00"),
        ("clock_hour", 20, "2024-03-12T06:00:00+08:00"),
        ("working_minute", 150, "2024-03-11T15:00:00+08:00"),
        ("same_day", 0, "2024-03-11T23:59:59+08:00"),
        ("at_once", 0, MONDAY),
        ("no_number", 0, None),
    ],
)
def test_any_book_may_use_any_unit(unit: Unit, amount: int, expected: str | None) -> None:
    table = LimitTable(limits={"handle": (LimitRule("XX-1", unit, amount),)})
    answer = due(table, "handle", Situation(), Start("signed", parse(MONDAY)), load_calendar())
    assert due_of(answer) == expected


def test_within_one_tier_the_shorter_limit_wins() -> None:
    rules = (LimitRule("XX-1", "working_day", 5), LimitRule("XX-2", "clock_hour", 24))
    table = LimitTable(limits={"handle": rules})
    answer = due(table, "handle", Situation(), Start("signed", parse(MONDAY)), load_calendar())
    assert answer.clause == "XX-2"


def test_a_book_may_let_its_days_end_at_the_close_of_business() -> None:
    table = load_limits("fujian")
    strict = msgspec.structs.replace(table, hours=WorkingHours(day_end="close"))
    answer = due(strict, "handle", Situation(kind="咨询"), Start("signed", parse(MONDAY)), load_calendar())
    assert due_of(answer) == "2024-03-13T17:30:00+08:00"


def test_a_book_may_ask_for_a_fact_no_other_book_knows() -> None:
    rules = (
        LimitRule("XX-1", "working_day", 5, when=({"repeat": False},)),
        LimitRule("XX-2", "working_day", 2, when=({"repeat": True},)),
    )
    table = LimitTable(limits={"handle": rules})
    repeated = Situation(further={"repeat": True})
    answer = due(table, "handle", repeated, Start("signed", parse(MONDAY)), load_calendar())
    assert answer.clause == "XX-2"
