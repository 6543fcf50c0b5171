"""Fujian and Fuzhou: what is counted of orders and units."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from agent_console.desk.listing import newest_orders
from agent_console.desk.reports.periods import read_period
from agent_console.desk.reports.reporting import fill
from agent_console.domain.work_order.order_steps import DispatchOrder, ReturnOrder, SignOrder

from ..cli.conftest import Ask
from ..support.figures import LATE, MONDAY, SPRING, clerk_of, drawn, handled_by, lines, signed_by
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from ..support.stories import RETURNING, SIGNING
from .conftest import Case, NewCase, missing

LIGHTS, WATER = "城市管理局", "水利局"
HOTLINE, PARALLEL = "12345", "12319"


def a_quarter(case: NewCase, code: str) -> Case:
    """Lights: one in time and praised, one late, done again; water: one sent back, which lights handle; one in time."""
    praised = handled_by(case(code), LIGHTS)
    facts(praised.rate("satisfied"))
    late = handled_by(case(code), LIGHTS, LATE)
    facts(late.rate("dissatisfied"))
    facts(late.record("verification", means="phone", finding="unit_responsible"))
    facts(late.redo())
    facts(late.complete("2026-06-02T10:00+08:00", clerk_of(LIGHTS)))
    back = case(code)
    facts(back.raised(MONDAY, lead=WATER).do(DispatchOrder()))
    facts(back.do(ReturnOrder(RETURNING[code]), clerk_of(WATER)))
    facts(back.do(DispatchOrder(LIGHTS)))
    facts(back.do(SignOrder(SIGNING), CLERK))
    facts(back.complete("2026-03-03T10:00+08:00"))
    return handled_by(case(code), WATER)


@pytest.mark.clause("FJ-4.2")
def test_orders_of_a_parallel_line_are_in_the_same_queues_timers_and_reports(case: NewCase) -> None:
    own = signed_by(case("fujian"), LIGHTS, line=HOTLINE)
    parallel = signed_by(case("fujian"), LIGHTS, line=PARALLEL)
    listed = {order.number for order in newest_orders(parallel.opened, 10)}
    assert listed == {own.order.number, parallel.order.number}
    assert parallel.due() == own.due() == "2026-03-16T23:59:59+08:00"
    parallel.clock.set("2026-03-17T00:00+08:00")
    late = {"received": 1, "on_time": (0, 1), "overdue": (1, 1)}
    assert lines(drawn(own.desk(), "lines")) == {(PARALLEL,): late, (HOTLINE,): late}
    assert lines(drawn(own.desk(), "lines", line=PARALLEL)) == {(PARALLEL,): late}


@pytest.mark.clause("FJ-9.5")
def test_a_unit_is_judged_by_time_returns_redo_and_satisfaction(case: NewCase) -> None:
    desk = a_quarter(case, "fujian").desk(LEAD)
    assert lines(drawn(desk, "units")) == {
        (LIGHTS,): {"on_time": (2, 3), "overdue": (1, 3), "returned": (0, 3), "redo": (1, 3), "satisfied": (1, 1)},
        (WATER,): {"on_time": (1, 1), "overdue": (0, 1), "returned": (1, 2), "redo": (0, 1), "satisfied": (0, 0)},
    }
    assert lines(drawn(case("fujian").desk(clerk_of(WATER)), "units")).keys() == {(WATER,)}


@pytest.mark.clause("FJ-25")
def test_the_yearly_report_has_two_rates_and_four_items_that_are_written_by_hand(case: NewCase) -> None:
    year = read_period("2026")
    order = a_quarter(case, "fujian")
    for item in ("制度建设", "办理流程", "办理质量", "责任落实"):
        for actor in (OPERATOR, CLERK):
            refused = fill(order.desk(actor), "yearly", year, LIGHTS, item, "好")
            assert blocked(refused) == (("FJ-25",), "order.not_your_step")
        for actor in (LEAD, CENTRE):
            assert missing(fill(order.desk(actor), "yearly", year, WATER, item, " ")) == ((item,), "FJ-25")
            facts(fill(order.desk(actor), "yearly", year, WATER, item, f"{item}：{actor.role}"))
    assert blocked(fill(order.desk(LEAD), "yearly", year, WATER, "满意率", "99"))[1] == "report.no_item"
    report = drawn(order.desk(LEAD), "yearly", "2026")
    assert lines(report) == {
        (LIGHTS,): {"on_time": (2, 3), "satisfied": (1, 1)},
        (WATER,): {"on_time": (1, 1), "satisfied": (0, 0)},
    }
    assert [line.filled for line in report.tables[0].lines if line.key == (WATER,)] == [
        {
            "制度建设": "制度建设：centre",
            "办理流程": "办理流程：centre",
            "办理质量": "办理质量：centre",
            "责任落实": "责任落实：centre",
        }
    ]
    assert not any(drawn(order.desk(LEAD), "yearly", "2025").tables[0].lines)


@pytest.mark.clause("FJ-26")
@pytest.mark.parametrize("suffix", [".csv", ".html", ".xlsx"])
def test_the_performance_of_units_goes_out_without_personal_data(
    case: NewCase, ask: Ask, tmp_path: Path, suffix: str
) -> None:
    a_quarter(case, "fujian")
    file = tmp_path / f"文明办{suffix}"
    done = ask("report", "export", "civility", str(file), "--period=2026", "--jurisdiction=FJ", "--as=lead")
    assert done.code == 0, done.err
    told = _text(file)
    for unit, figures in ((LIGHTS, [3, 2, 3, 66.7, 1, 3, 33.3, 1, 3, 33.3, 1, 1]), (WATER, [1, 1, 1])):
        assert _has(told, [unit, *figures]), told
    for personal in ("陈女士", "13800138000", "路灯不亮", "张三", "经办"):
        assert personal not in "\n".join(told)


def _text(file: Path) -> list[str]:
    """Lines of an exported table, its cells parted by commas."""
    if file.suffix == ".xlsx":
        sheets = load_workbook(file).worksheets
        rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
        return [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    text = file.read_text(encoding="utf-8-sig")
    return [line.replace("</td><td>", ",") for line in text.replace("</tr>", "\n").splitlines()]


def _has(told: list[str], values: list[str | int | float]) -> bool:
    wanted = ",".join(map(str, values))
    return any(wanted in line for line in told)


@pytest.mark.clause("FZ-11.2")
def test_a_parallel_line_counts_in_the_same_figures_in_fuzhou(case: NewCase) -> None:
    facts(handled_by(case("fuzhou"), LIGHTS, line=HOTLINE).rate("satisfied"))
    order = handled_by(case("fuzhou"), LIGHTS, LATE, line=PARALLEL)
    report = drawn(order.desk(), "parallel_lines")
    assert lines(report) == {
        (PARALLEL,): {"received": 1, "on_time": (0, 1), "overdue": (1, 1), "satisfied": (0, 0)},
        (HOTLINE,): {"received": 1, "on_time": (1, 1), "overdue": (0, 1), "satisfied": (1, 1)},
    }
    assert report.tables[0].total["received"].count == 2


@pytest.mark.clause("FZ-13.3")
def test_the_yearly_report_of_units_in_fuzhou_can_be_exported(case: NewCase, ask: Ask, tmp_path: Path) -> None:
    order = a_quarter(case, "fuzhou")
    figures = {"received": 3, "on_time": (2, 3), "overdue": (1, 3), "redo": (1, 3), "satisfied": (1, 1)}
    assert lines(drawn(order.desk(LEAD), "appraisal", "2026"))[(LIGHTS,)] == figures
    file = tmp_path / "年报.xlsx"
    done = ask("report", "export", "appraisal", str(file), "--period=2026", "--jurisdiction=FZ", "--as=lead")
    assert done.code == 0, done.err
    assert _has(_text(file), [LIGHTS, 3, 2, 3, 66.7, 1, 3, 33.3, 1, 3, 33.3, 1, 1])
    assert SPRING not in "\n".join(_text(file))
