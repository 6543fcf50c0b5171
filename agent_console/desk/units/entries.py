"""Records written into orders and at the line, found again and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agent_console.desk.leaving.shown import Row
from agent_console.desk.listing import visible
from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports.figures import Period
from agent_console.domain.instants import iso
from agent_console.domain.oversight.line_records import LineRecorded
from agent_console.domain.oversight.list_rules import ListRule
from agent_console.domain.work_order.order_life_facts import Recorded
from agent_console.domain.work_order.orders import Order
from agent_console.store.projections.lists import Span

_ORDER = "order:"


def counted(opened: OpenDesk, rule: ListRule, period: Period, unit: str = "") -> tuple[Row, ...]:
    """The entries of a list that were written in the period, counted by its fields, most first.

    Without fields to count by each entry is a line of its own, oldest first. unit: only those about it.
    """
    found = [entry for entry in entries(opened, rule, period, each=not rule.by) if unit in ("", entry["unit"])]
    if not rule.by:
        return tuple(found)
    counts = Counter(tuple(entry.get(field) or "" for field in rule.by) for entry in found)
    ordered = sorted(counts.items(), key=lambda line: (-line[1], line[0]))
    return tuple({**dict(zip(rule.by, values, strict=True)), "count": count} for values, count in ordered)


def entries(opened: OpenDesk, rule: ListRule, period: Period, *, each: bool = False) -> list[Row]:
    """Every entry of a list with its fields, the unit it is about, and when it was written, oldest first.

    each: they are shown one by one, so those in orders the actor does not see are left out; a count has all of them.
    """
    code = opened.desk.rule_book.code
    written = Span(period.start, period.end)
    streams = opened.records.lists.streams_with(code, tuple(rule.records), written)
    orders = opened.records.orders_of([stream for stream in streams if stream.startswith(_ORDER)])
    seen = visible(opened.desk, orders) if each else orders
    rows = (*_in_orders(seen, rule, period), *_at_line(opened, rule, streams))
    fitting = (row for row in rows if all(row.get(field) in values for field, values in rule.values.items()))
    return sorted(fitting, key=lambda row: str(row["at"]))


def _in_orders(orders: list[Order], rule: ListRule, period: Period) -> Iterator[Row]:
    for order in orders:
        for entry in order.records:
            if entry.record in rule.records and period.start <= entry.occurred_at < period.end:
                yield _row(rule, entry, entry.about, order.number)


def _at_line(opened: OpenDesk, rule: ListRule, streams: list[str]) -> Iterator[Row]:
    for stream in streams:
        for event in opened.desk.store.log.load(stream) if not stream.startswith(_ORDER) else ():
            if isinstance(event.fact, LineRecorded):
                yield _row(rule, event.fact, event.fact.unit, "")


def _row(rule: ListRule, entry: Recorded | LineRecorded, unit: str, number: str) -> Row:
    said = {**rule.records[entry.record], **entry.fields}
    return {**said, "at": iso(entry.occurred_at), "record": entry.record, "unit": unit, "number": number}
