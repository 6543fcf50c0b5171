"""Reports: tables of figures by unit, kind, area, person and time, those a rule book asks for and any other.

Counted are orders by the day they were raised and calls by the day they were taken. A unit reads the figures of the
orders it sees, a person those of their own work, unless their role reads more. What an order is about is shown by the
newest order of that topic, numbers in it masked.
"""

from __future__ import annotations

import re

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.listing import sight, visible
from agent_console.desk.reports.figures import Period, bring_up_to_date
from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.domain.confidentiality.sight import no_such_person
from agent_console.domain.decisions import Blocked
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message
from agent_console.domain.oversight.report_filling import Added, Key, evolve_added
from agent_console.domain.oversight.report_rules import ReportRule, ReportTable
from agent_console.resources.rule_books import jurisdiction_codes, load_book
from agent_console.store.projections.figures import topic_of
from agent_console.store.tallies import GROUPS, MEASURES, Counting, Sums
from agent_console.texts import say
from agent_console.texts.masking import masked_number

HOUSE = "figures"
"""Name of the report that is there in every city: any groups, any measures, a figure of the house."""

_FROM_DIRECTORY = ("tier", "parent")
BY = (*GROUPS, *_FROM_DIRECTORY)
"""Everything a table can be grouped by."""

HOUSE_MEASURES = ("received", "on_time", "overdue", "returned", "extended", "redo", "satisfied", "called_back")
_MOST_TOPICS = 50
_NUMBER = re.compile(r"\d{7,}[\dXx]?")


class Cell(msgspec.Struct, frozen=True):
    """A figure; `of` how many it was counted, None where it is no rate."""

    count: int
    of: int | None = None

    @property
    def percent(self) -> float | None:
        """The rate in percent, one decimal; None where there is nothing to divide by."""
        return round(100 * self.count / self.of, 1) if self.of else None


class Line(msgspec.Struct, frozen=True):
    """One line: its key as a person reads it, its figures by measure, what was filled in by hand."""

    key: Key
    cells: dict[str, Cell]
    filled: dict[str, str] = {}
    id: Key = ()


class Table(msgspec.Struct, frozen=True):
    """Lines under one heading; `total` over all of them."""

    title: str
    by: tuple[str, ...]
    measures: tuple[str, ...]
    lines: tuple[Line, ...]
    total: dict[str, Cell]
    filled_in: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """A report as it was drawn."""

    name: str
    title: str
    clause: str
    basis: str
    period: Period
    audience: str
    tables: tuple[Table, ...]
    drawn_at: Instant
    filters: dict[str, str] = {}
    submitted: tuple[str, ...] = ()


def house_report(by: tuple[str, ...], measures: tuple[str, ...]) -> ReportRule:
    """Figures no book asks for, as a rule of the house. Raises BadInput for a group or measure there is not."""
    for name, chosen, known in (("by", by, BY), ("measure", measures, tuple(MEASURES))):
        for value in chosen:
            if value not in known:
                raise BadInput("error.choice", "advice.choice", name=name, value=value, known="、".join(known))
    told = {"by": by or ("unit",), "measures": measures or HOUSE_MEASURES}
    table = msgspec.convert(told, ReportTable)
    return ReportRule(say("report.house_title"), "", (table,), basis="推定")


def refused(desk: Desk, rule: ReportRule) -> Blocked | None:
    """Why this person does not draw the report; None where nothing stands against it."""
    role = desk.actor.role
    if not rule.roles or role in rule.roles:
        return no_such_person(desk.context())
    return Blocked((rule.clause,), message("order.not_your_step", role=role, roles="、".join(rule.roles)))


def draw(desk: Desk, name: str, rule: ReportRule, period: Period, where: dict[str, str] | None = None) -> Report:
    """The report over a period, of the orders and calls that `where` leaves. Due times are brought up to date first."""
    bring_up_to_date(desk)
    added = additions(desk, name, period)
    tables = [_table(desk, rule, table, period, where or {}) for table in rule.tables]
    if rule.filled_in:
        tables[0] = _with_filled(tables[0], rule.filled_in, added)
    return Report(
        name=name,
        title=rule.title,
        clause=rule.clause,
        basis=rule.basis,
        period=period,
        audience=rule.audience,
        tables=tuple(tables),
        drawn_at=desk.context().now,
        filters=where or {},
        submitted=tuple(sent.unit for sent in added.submitted),
    )


def additions_stream(desk: Desk, name: str, period: Period) -> str:
    """Stream of what people add to a report of one period."""
    return f"report:{desk.rule_book.code}:{name}:{period.label}"


def additions(desk: Desk, name: str, period: Period) -> Added:
    """What was filled in and sent of a report."""
    added = Added()
    for event in desk.store.log.load(additions_stream(desk, name, period)):
        added = evolve_added(added, event.fact)
    return added


def _table(desk: Desk, rule: ReportRule, table: ReportTable, period: Period, where: dict[str, str]) -> Table:
    chosen: dict[str, tuple[str, ...]] = {name: (value,) for name, value in where.items()}
    role = desk.rule_book.roles.get(desk.actor.role, RoleRule(""))
    if "agent" in table.by and not role.figures:
        chosen["agent"] = (desk.actor.name,)
    if table.kinds:
        chosen["kind"] = tuple(kind for kind in table.kinds if kind in chosen.get("kind", table.kinds))
    asked = Counting(
        by=tuple(dict.fromkeys(_placed(table) if name in _FROM_DIRECTORY else name for name in table.by)),
        measures=table.measures,
        first_day=period.first.isoformat(),
        last_day=period.last.isoformat(),
        now=desk.context().now,
        rule_books=_books(desk, role),
        complaints=rule.complaints,
        where=chosen,
        units=_own_units(desk),
    )
    sums = _by_directory(desk, table, asked.by, desk.store.figures.tally(asked))
    lines = [_line(desk, table, key, values) for key, values in _sorted(table, sums)]
    return Table(table.title, table.by, table.measures, tuple(lines), _total(table, sums))


def _own_units(desk: Desk) -> tuple[str, ...] | None:
    """Units whose figures this person reads; None for all."""
    seen = sight(desk)
    if seen.everything or desk.rule_book.roles.get(desk.actor.role, RoleRule("")).figures:
        return None
    return tuple(sorted(seen.units))


def _books(desk: Desk, role: RoleRule) -> tuple[str, ...]:
    """The desk's book, and for a role that reads figures everywhere those that inherit from it."""
    own = desk.rule_book.code
    if role.figures != "everywhere":
        return (own,)
    return (own, *(code for code in jurisdiction_codes() if load_book(code).parent == own))


def _placed(table: ReportTable) -> str:
    """The group whose units the directory is asked about."""
    return "handler" if "handler" in table.by else "unit"


def _by_directory(desk: Desk, table: ReportTable, counted_by: tuple[str, ...], sums: Sums) -> Sums:
    """The same sums by what the directory says of a unit, lines of the tiers that the table does not want left out."""
    if not table.tiers and table.by == counted_by:
        return sums
    directory = desk.directory()
    found: Sums = {}
    for key, values in sums.items():
        told = dict(zip(counted_by, key, strict=True))
        name = told.get(_placed(table), "")
        unit = directory.unit(name)
        told["tier"] = directory.tier_of(name)
        told["parent"] = unit.parent if unit else ""
        if not table.tiers or told["tier"] in table.tiers:
            line = found.setdefault(tuple(told[name] for name in table.by), {})
            for measure, pair in values.items():
                line[measure] = _add(line.get(measure, (0, 0)), pair)
    return found


def _add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _sorted(table: ReportTable, sums: Sums) -> list[tuple[Key, dict[str, tuple[int, int]]]]:
    def count(values: dict[str, tuple[int, int]]) -> int:
        return values.get(table.ranked, (0, 0))[0]

    lines = [(key, values) for key, values in sums.items() if not table.least or count(values) >= table.least]
    lines.sort(key=lambda line: (-count(line[1]) if table.ranked else 0, line[0]))
    return lines[:_MOST_TOPICS] if "topic" in table.by else lines


def _line(desk: Desk, table: ReportTable, key: Key, values: dict[str, tuple[int, int]]) -> Line:
    told = tuple(_told(desk, name, value) for name, value in zip(table.by, key, strict=True))
    return Line(told, {name: _cell(name, values.get(name, (0, 0))) for name in table.measures}, id=key)


def _cell(measure: str, pair: tuple[int, int]) -> Cell:
    return Cell(pair[0], pair[1] if MEASURES[measure].of else None)


def _told(desk: Desk, group: str, value: str) -> str:
    if not value:
        return say("report.not_told")
    return topic_told(desk, desk.store.figures.newest_of(value)) if group == "topic" else value


def topic_told(desk: Desk, newest: str) -> str:
    """What the newest order of a topic says it is about, where this person may see that order; by its stream."""
    order = desk.order(newest.removeprefix("order:"))
    if not visible(desk, [order]) or order.details.confidential:
        return say("report.hidden_topic")
    return _NUMBER.sub(lambda found: masked_number(found[0]), topic_of(order)) or say("report.not_told")


def _total(table: ReportTable, sums: Sums) -> dict[str, Cell]:
    total: dict[str, tuple[int, int]] = {}
    for values in sums.values():
        for name, pair in values.items():
            total[name] = _add(total.get(name, (0, 0)), pair)
    return {name: _cell(name, total.get(name, (0, 0))) for name in table.measures}


def _with_filled(table: Table, items: tuple[str, ...], added: Added) -> Table:
    lines = (
        msgspec.structs.replace(line, filled={item: added.filled.get((line.id, item), "") for item in items})
        for line in table.lines
    )
    return msgspec.structs.replace(table, lines=tuple(lines), filled_in=items)
