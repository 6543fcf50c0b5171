"""Orders of several units led to their end, and the reports drawn of them."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.reports.periods import read_period
from agent_console.desk.reports.reporting import rule_of
from agent_console.desk.reports.statistics import Cell, Report, draw
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import DispatchOrder, SignOrder

from ..clauses.conftest import Case
from .rule_of import facts
from .stories import SIGNING

MONDAY = "2026-03-02T10:00+08:00"
IN_TIME = "2026-03-03T10:00+08:00"
LATE = "2026-06-01T10:00+08:00"
SPRING = "2026-Q1"

Figure = int | tuple[int, int | None]
Lines = dict[tuple[str, ...], dict[str, Figure]]


def clerk_of(unit: str) -> Actor:
    """Somebody who handles orders in a unit."""
    return Actor(f"{unit}经办", "unit_clerk", unit)


def signed_by(case: Case, unit: str, at: str = MONDAY, **details: object) -> Case:
    """An order that a unit has signed for."""
    facts(case.raised(at, lead=unit, **details).do(DispatchOrder()))
    facts(case.do(SignOrder(SIGNING), clerk_of(unit)))
    return case


def handled_by(case: Case, unit: str, done: str = IN_TIME, at: str = MONDAY, **details: object) -> Case:
    """An order that a unit has handled by then."""
    signed_by(case, unit, at, **details)
    facts(case.complete(done, clerk_of(unit)))
    return case


def drawn(desk: Desk, name: str, period: str = SPRING, **where: str) -> Report:
    """A report of the rule book."""
    return draw(desk, name, rule_of(desk, name), read_period(period), where)


def lines(report: Report, table: int = 0) -> Lines:
    """Lines of a table: a rate as what was counted and of how many."""
    return {line.key: {name: _plain(cell) for name, cell in line.cells.items()} for line in report.tables[table].lines}


def _plain(cell: Cell) -> Figure:
    return cell.count if cell.of is None else (cell.count, cell.of)
