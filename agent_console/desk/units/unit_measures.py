"""Units and agents with what is counted of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from agent_console.desk.leaving.shown import Row
from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports.figures import Period, bring_up_to_date
from agent_console.desk.units.entries import entries
from agent_console.domain.intake.calls import Call
from agent_console.domain.oversight.list_rules import ListRule, Measure
from agent_console.domain.work_order.orders import Order
from agent_console.store.projections.lists import Span, UnitCounts

_RISING: tuple[Measure, ...] = ("satisfaction",)
"""Measures of which the least is the worst."""


def of_units(opened: OpenDesk, rule: ListRule, period: Period, unit: str = "") -> tuple[Row, ...]:
    """Units with the measures of a list over the orders and records of the period, the worst first.

    A unit without anything to tell is left out. Satisfaction has numerator and denominator: `satisfied` of `rated`.
    """
    bring_up_to_date(opened.desk)
    code, now = opened.desk.rule_book.code, opened.desk.clock.now()
    board = opened.records.lists
    counts = {one.unit: one for one in board.of_units(code, rule.complaints, now, Span(period.start, period.end))}
    marks = Counter(str(entry["unit"]) for entry in entries(opened, rule, period))
    tasks = _unanswered(opened, rule, period)
    lines = []
    for name in sorted({*counts, *marks, *tasks}):
        line = _line(rule, name, counts.get(name, UnitCounts(name, 0, 0, 0, 0, 0)), marks[name], tasks[name])
        if unit in ("", name) and _says_anything(line):
            lines.append(line)
    return tuple(sorted(lines, key=_worst_first(rule)))


def _line(rule: ListRule, unit: str, counts: UnitCounts, marks: int, tasks: int) -> Row:
    line: Row = {"unit": unit}
    for measure in rule.measures:
        if measure == "satisfaction":
            line |= {"satisfied": counts.satisfied, "rated": counts.rated}
        elif measure == "marks":
            line["marks"] = marks
        elif measure == "unrectified":
            line["unrectified"] = tasks
        else:
            line[measure] = int(getattr(counts, measure))
    return line


def _says_anything(line: Row) -> bool:
    return any(value for name, value in line.items() if name != "unit")


def _worst_first(rule: ListRule) -> Callable[[Row], tuple[float, ...]]:
    def key(line: Row) -> tuple[float, ...]:
        return tuple(_share(line) if name in _RISING else -_number(line[name]) for name in rule.measures)

    return key


def _share(line: Row) -> float:
    """Satisfied of rated; nobody asked counts as satisfied."""
    rated = _number(line["rated"])
    return _number(line["satisfied"]) / rated if rated else 1.0


def _number(value: str | int | None) -> int:
    return value if isinstance(value, int) else 0


def _unanswered(opened: OpenDesk, rule: ListRule, period: Period) -> Counter[str]:
    """Tasks written in the period that no later record answers, by unit."""
    if not rule.tasks:
        return Counter()
    span = Span(period.start, period.end)
    board = opened.records.lists
    orders = opened.records.orders_of(board.streams_with(opened.desk.rule_book.code, tuple(rule.tasks), span))
    return Counter(unit for order in orders for unit in _open_tasks(order, rule, period))


def _open_tasks(order: Order, rule: ListRule, period: Period) -> list[str]:
    return [
        task.about
        for name, answer in rule.tasks.items()
        for task in order.recorded(name)
        if period.start <= task.occurred_at < period.end
        and not any(entry.occurred_at >= task.occurred_at for entry in order.recorded(answer))
    ]


def of_agents(opened: OpenDesk, rule: ListRule) -> tuple[Row, ...]:
    """Agents with calls they left without an outcome and orders they did not hand on, as of now, most first."""
    bring_up_to_date(opened.desk)
    code, now = opened.desk.rule_book.code, opened.desk.clock.now()
    found: dict[str, dict[Measure, list[str]]] = defaultdict(lambda: defaultdict(list))
    for call in opened.records.unfinished_calls():
        if _is_left(call):
            found[call.operator]["calls_unfinished"].append(call.id)
    for late in opened.records.lists.late_dispatches(code, now):
        found[late.agent]["dispatch_at_once" if late.at_once else "dispatch_late"].append(late.number)
    lines = [
        {"agent": agent, **{measure: len(lists[measure]) for measure in rule.measures}, **_which(lists, rule)}
        for agent, lists in found.items()
    ]
    told = (line for line in lines if any(line[measure] for measure in rule.measures))
    return tuple(sorted(told, key=lambda line: [-_number(line[name]) for name in rule.measures]))


def _which(lists: dict[Measure, list[str]], rule: ListRule) -> Row:
    """The orders and calls themselves."""
    return {"which": "、".join(name for measure in rule.measures for name in lists[measure])}


def _is_left(call: Call) -> bool:
    """Whether the caller is gone and something of the call still has no outcome; one that is being talked is not."""
    return call.open_matter is not None and (call.status == "parked" or bool(call.ended_at))
