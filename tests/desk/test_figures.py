"""Figures of orders: kept up with every step, computed anew with the calendar, and nothing personal in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from agent_console.desk.desk import order_stream
from agent_console.desk.reports.figures import bring_up_to_date, figures
from agent_console.desk.reports.periods import period_around, read_period
from agent_console.desk.reports.statistics import BY, HOUSE, draw, house_report
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso
from agent_console.domain.oversight.report_rules import Group, MeasureName
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.work_order.order_endings import VoidOrder
from agent_console.domain.work_order.order_records import WriteRecord
from agent_console.domain.work_order.order_steps import DispatchOrder
from agent_console.store.projections.figures import OrderFigure
from agent_console.store.tallies import GROUPS, MEASURES

from ..clauses.conftest import Case, NewCase, NewLine, case, line
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.figures import LATE, MONDAY, clerk_of, handled_by, signed_by
from ..support.rule_of import CLERK, LEAD, OPERATOR, facts

__all__ = ["case", "line"]


def figure_of(order: Case) -> OrderFigure:
    """The row of one order."""
    [row] = order.opened.store.figures.figures("stream = ?", (order_stream(order.id),))
    return row


def test_a_row_follows_the_steps_and_its_due_times_are_those_of_the_clocks(case: NewCase) -> None:
    order = case("fujian").raised(MONDAY, line="12345", concerns="路灯")
    row = figure_of(order)
    assert (row.status, row.agent, row.line, row.received_at, row.due_handle) == ("raised", "张三", "12345", 0, 0)
    facts(order.do(DispatchOrder()))
    row = figure_of(order)
    assert (row.status, iso(row.due_return), iso(row.due_handle)) == (
        "dispatched",
        order.due("return"),
        "2026-03-16T23:59:59+08:00",
    )
    facts(order.sign("2026-03-03T10:00+08:00"))
    assert iso(figure_of(order).due_handle) == order.due() == "2026-03-17T23:59:59+08:00"
    facts(order.extend(5))
    row = figure_of(order)
    assert (row.extensions, iso(row.due_handle)) == (1, "2026-03-24T23:59:59+08:00")
    facts(order.complete("2026-03-24T23:59+08:00"))
    row = figure_of(order)
    assert (row.status, row.on_time, row.due_handle) == ("completed", 1, 0)


def test_late_once_is_late_whatever_a_redo_brings_and_the_next_unit_begins_anew(case: NewCase) -> None:
    order = handled_by(case("fujian"), "城市管理局", LATE)
    assert figure_of(order).on_time == 0
    facts(order.rate("dissatisfied"))
    facts(order.do(WriteRecord("verification", {"means": "phone", "finding": "unit_responsible"})))
    facts(order.redo())
    facts(order.complete("2026-06-02T10:00+08:00"))
    row = figure_of(order)
    assert (row.on_time, row.redos, row.rating) == (0, 1, "")


def test_folded_anew_the_rows_say_the_same(case: NewCase, line: NewLine) -> None:
    late = handled_by(case("fujian"), "城市管理局", LATE)
    facts(late.rate("dissatisfied"))
    facts(late.do(WriteRecord("verification", {"means": "phone", "finding": "unit_responsible"})))
    facts(late.redo())
    facts(late.complete("2026-06-02T10:00+08:00"))
    signed_by(case("fujian"), "水利局")
    seat = line("fujian")
    seat.take()
    store = late.opened.store
    before = (figures(late.desk()), store.figures.ask("SELECT * FROM call_figure"))
    store.rebuild()
    assert store.figures.ask("SELECT DISTINCT calendar FROM order_figure") == [("",)]
    assert (figures(late.desk()), store.figures.ask("SELECT * FROM call_figure")) == before


def test_another_holiday_table_moves_the_due_times_of_what_still_runs(case: NewCase) -> None:
    done, runs = handled_by(case("fujian"), "城市管理局"), signed_by(case("fujian"), "城市管理局")
    desk = runs.desk()
    assert bring_up_to_date(desk) == 0
    closed = date(2026, 3, 4)
    desk.calendar = _with_day_off(desk.calendar, closed)
    told: list[tuple[int, int]] = []
    assert bring_up_to_date(desk, lambda number, of: told.append((number, of))) == 1
    assert told == [(1, 1)]
    assert iso(figure_of(runs).due_handle) == "2026-03-17T23:59:59+08:00"
    assert figure_of(done).calendar != desk.calendar.version
    assert bring_up_to_date(desk) == 0


def _with_day_off(calendar: Calendar, day: date) -> Calendar:
    return msgspec.structs.replace(calendar, off={**calendar.off, day: "停工"}, version=f"{calendar.version}+")


def test_nothing_personal_stands_in_the_tables_of_figures(case: NewCase, home: Path) -> None:
    order = signed_by(case("fujian"), "城市管理局", concerns="林某某诊所")
    dump = "\n".join(order.opened.store.connection.iterdump())
    for personal in ("林某某诊所", "陈女士", "13800138000", "五四路"):
        assert personal not in dump
    assert len(figure_of(order).topic) == 64


def test_a_confidential_order_tells_neither_place_nor_topic(case: NewCase) -> None:
    row = figure_of(signed_by(case("fujian"), "城市管理局", confidential=True, concerns="路灯"))
    assert (row.confidential, row.topic, row.district) == (1, "", "")


def test_voided_orders_count_nowhere_and_every_group_can_be_drawn(case: NewCase, line: NewLine) -> None:
    seat = line("fujian")
    seat.take()
    order = signed_by(case("fujian"), "城市管理局")
    raised = case("fujian").raised()
    facts(raised.do(VoidOrder("录错"), LEAD))
    period = read_period("2026-03")
    for group in BY:
        rule = house_report((group,), ("received", "calls"))
        total = draw(order.desk(LEAD), HOUSE, rule, period).tables[0].total
        assert total["received"].count in (0, 1), group
        assert (total["received"].count, total["calls"].count) != (0, 0), group


def test_an_operator_reads_the_figures_of_their_own_work_and_a_unit_of_its_own_orders(
    case: NewCase, office: Office, clock: SettableClock
) -> None:
    order = signed_by(case("fujian"), "城市管理局")
    other = office("fujian", msgspec.structs.replace(OPERATOR, name="李四")).desk
    rule = house_report(("agent",), ("received",))
    period = period_around("month", date(2026, 3, 2))
    assert [line.key for line in draw(order.desk(LEAD), HOUSE, rule, period).tables[0].lines] == [("张三",)]
    assert draw(other, HOUSE, rule, period).tables[0].lines == ()
    by_unit = house_report(("unit",), ("received",))
    assert draw(order.desk(clerk_of("水利局")), HOUSE, by_unit, period).tables[0].lines == ()
    assert len(draw(order.desk(CLERK), HOUSE, by_unit, period).tables[0].lines) == 1


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-12-31", "2026-12-31", "2026-12-31"),
    ],
)
def test_a_period_is_read(text: str, first: str, last: str) -> None:
    period = read_period(text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "2025-W53", "2026-02-30", "今年"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_period(text)


def test_the_names_a_book_may_use_are_those_that_can_be_counted() -> None:
    assert set(Group.__args__) == set(BY)  # type: ignore[attr-defined]
    assert set(MeasureName.__args__) == set(MEASURES)  # type: ignore[attr-defined]
    assert set(GROUPS) <= set(BY)
