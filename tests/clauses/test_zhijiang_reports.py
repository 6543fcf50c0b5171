"""Zhijiang: what is counted of calls, orders, units and people."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.reports.reporting import import_line_data
from agent_console.domain.intake.outcomes import Answered, Transferred
from agent_console.domain.work_order.order_corrections import JoinCaller
from agent_console.domain.work_order.order_steps import DecideExtension, DecideReturn, DispatchOrder, SignOrder

from ..cli.conftest import Ask
from ..support.figures import LATE, MONDAY, clerk_of, drawn, handled_by, lines, signed_by
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from ..support.stories import SIGNING
from .conftest import Case, NewCase, NewLine, missing

LIGHTS, WATER = "城市管理局", "水利局"
TOWN, VILLAGE = "马家店街道", "董市镇"
MARCH = "2026-03"
OTHER_LINE = "day,count,kind,district,outcome\n2026-03-02,30,咨询,马家店街道,已答复\n2026-03-03,12,投诉,,\n"


def a_quarter(case: NewCase) -> Case:
    """Lights: one in time, called back and praised; one late and done again. Water: what lights sent back, extended."""
    praised = handled_by(case("zhijiang"), LIGHTS, district=TOWN)
    facts(praised.rate("satisfied"))
    late = handled_by(case("zhijiang"), LIGHTS, LATE, district=TOWN, kind="求助")
    facts(late.rate("dissatisfied"))
    facts(late.record("verification", note="现场未修"))
    facts(late.redo())
    facts(late.complete("2026-06-02T10:00+08:00", clerk_of(LIGHTS)))
    back = case("zhijiang").raised(MONDAY, lead=LIGHTS, district=VILLAGE)
    facts(back.do(DispatchOrder()))
    facts(back.return_(actor=clerk_of(LIGHTS)))
    facts(back.do(DecideReturn(granted=True, reason="属水利局"), LEAD))
    facts(back.do(DispatchOrder(WATER)))
    facts(back.do(SignOrder(SIGNING), clerk_of(WATER)))
    facts(back.extend(0, actor=clerk_of(WATER)))
    facts(back.do(DecideExtension(granted=True, reason="备件未到"), LEAD))
    facts(back.complete("2026-03-03T10:00+08:00", clerk_of(WATER)))
    return back


@pytest.mark.clause("ZJ-6.6")
def test_what_many_people_bring_forward_stands_first_and_can_be_exported(
    case: NewCase, ask: Ask, tmp_path: Path
) -> None:
    for number in range(3):
        raised = signed_by(case("zhijiang"), LIGHTS, concerns="五四路路灯", caller_number=f"1380013800{number}")
    facts(raised.do(JoinCaller("c9", "林先生", "13900000001", "也不亮")))
    signed_by(case("zhijiang"), WATER, concerns="停水 13912345678")
    early = signed_by(case("zhijiang"), WATER, "2026-02-02T10:00+08:00", concerns="路面")
    hot = lines(drawn(early.desk(LEAD), "hot_topics", MARCH))
    assert list(hot.items()) == [
        (("五四路路灯",), {"received": 3, "repeated": (1, 3)}),
        (("停水 139****5678",), {"received": 1, "repeated": (0, 1)}),
    ]
    file = tmp_path / "热点.csv"
    words = ("report", "export", "hot_topics", str(file), f"--period={MARCH}", "--jurisdiction=ZJ", "--as=lead")
    assert ask(*words, "--approval=枝热批〔2026〕3号").code == 0
    text = file.read_text(encoding="utf-8-sig")
    assert "五四路路灯,3,1,3,33.3" in text
    assert "13912345678" not in text


@pytest.mark.clause("ZJ-6.8")
def test_the_appraisal_is_by_unit_and_by_agent(case: NewCase, line: NewLine) -> None:
    seat = line("zhijiang")
    seat.conclude(seat.take(), Answered(), words="带身份证到窗口")
    seat.take("13900000001")
    report = drawn(a_quarter(case).desk(LEAD), "appraisal")
    assert lines(report) == {
        (LIGHTS,): {"on_time": (1, 2), "overdue": (1, 2), "returned": (1, 3), "redo": (1, 2), "satisfied": (1, 1)},
        (WATER,): {"on_time": (1, 1), "overdue": (0, 1), "returned": (0, 1), "redo": (0, 1), "satisfied": (0, 0)},
    }
    assert lines(report, 1) == {
        (OPERATOR.name,): {"calls": 2, "answered": (1, 2), "raised": (0, 2), "received": 3},
    }


@pytest.mark.clause("ZJ-7.8")
def test_calls_kinds_units_areas_and_times_are_counted(case: NewCase, line: NewLine) -> None:
    seat = line("zhijiang")
    seat.conclude(seat.take(), Answered(), words="带身份证到窗口")
    seat.conclude(seat.take("13900000001"), Transferred("供电公司", "transfer"))
    report = drawn(a_quarter(case).desk(LEAD), "basic")
    calls = {"calls": 2, "answered": (1, 2), "raised": (0, 2), "refused": (0, 2), "transferred": (1, 2)}
    assert lines(report) == {("phone",): calls}
    assert lines(report, 1) == {
        ("投诉",): {"received": 2, "completed": (2, 2)},
        ("求助",): {"received": 1, "completed": (1, 1)},
    }
    assert lines(report, 2) == {
        (LIGHTS,): {"received": 2, "completed": (2, 2)},
        (WATER,): {"received": 1, "completed": (1, 1)},
    }
    assert lines(report, 3) == {
        (TOWN,): {"received": 2, "completed": (2, 2)},
        (VILLAGE,): {"received": 1, "completed": (1, 1)},
    }
    assert lines(report, 4) == {("2026-03-02",): {"calls": 2, "received": 3}}


@pytest.mark.clause("ZJ-8.4")
def test_call_data_of_another_line_counts_in_the_analysis_only_and_says_where_it_is_from(case: NewCase) -> None:
    order = signed_by(case("zhijiang"), LIGHTS)
    for actor in (OPERATOR, CLERK):
        refused = import_line_data(order.desk(actor), "12319", OTHER_LINE.encode())[0]
        assert blocked(refused) == (("ZJ-8.4",), "order.not_your_step")
    assert missing(import_line_data(order.desk(LEAD), " ", OTHER_LINE.encode())[0]) == (("line",), "ZJ-8.4")
    before = drawn(order.desk(LEAD), "basic").tables
    facts(import_line_data(order.desk(LEAD), "12319", OTHER_LINE.encode())[0])
    assert facts(import_line_data(order.desk(CENTRE), "12319", OTHER_LINE.encode())[0]) == ()
    facts(import_line_data(order.desk(CENTRE), "12320", OTHER_LINE.encode())[0])
    assert lines(drawn(order.desk(LEAD), "other_lines")) == {
        ("12319", "咨询"): {"imported": 30},
        ("12319", "投诉"): {"imported": 12},
        ("12320", "咨询"): {"imported": 30},
        ("12320", "投诉"): {"imported": 12},
    }
    after = drawn(order.desk(LEAD), "basic").tables
    assert after[:4] == before[:4]
    assert after[4].total == before[4].total
    assert order.opened.records.calls(10) == []
    elsewhere = import_line_data(case("fujian").desk(LEAD), "12319", OTHER_LINE.encode())[0]
    assert blocked(elsewhere) == ((), "report.no_imports")


@pytest.mark.clause("ZJ-21")
def test_the_efficiency_of_units_is_judged_every_quarter(case: NewCase) -> None:
    report = drawn(a_quarter(case).desk(LEAD), "efficiency")
    assert lines(report) == {
        (LIGHTS,): {
            "received": 2, "on_time": (1, 2), "overdue": (1, 2), "returned": (1, 3), "extended": (0, 2),
            "redo": (1, 2), "satisfied": (1, 1),
        },
        (WATER,): {
            "received": 1, "on_time": (1, 1), "overdue": (0, 1), "returned": (0, 1), "extended": (1, 1),
            "redo": (0, 1), "satisfied": (0, 0),
        },
    }  # fmt: skip


@pytest.mark.clause("ZJ-22")
def test_what_is_published_of_intake_and_handling_names_nobody(case: NewCase, ask: Ask, tmp_path: Path) -> None:
    report = drawn(a_quarter(case).desk(LEAD), "publication")
    assert lines(report) == {("投诉",): {"received": 2}, ("求助",): {"received": 1}}
    assert lines(report, 1) == {
        (LIGHTS,): {"received": 2, "completed": (2, 2), "on_time": (1, 2), "satisfied": (1, 1)},
        (WATER,): {"received": 1, "completed": (1, 1), "on_time": (1, 1), "satisfied": (0, 0)},
    }
    file = tmp_path / "公开.html"
    words = ("report", "export", "publication", str(file), f"--period={MARCH}", "--jurisdiction=ZJ", "--as=lead")
    assert ask(*words).code == 3
    assert not file.exists()
    assert ask(*words, "--approval=枝热批〔2026〕3号").code == 0
    told = file.read_text(encoding="utf-8")
    assert LIGHTS in told
    for personal in ("陈女士", "13800138000", "路灯不亮", OPERATOR.name, "经办"):
        assert personal not in told
