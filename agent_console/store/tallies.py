"""Counting over the tables of figures: groups and measures by name, each a fragment of SQL.

Every number is a sum, and every rate a pair of sums, so that lines can be added up again: units of one parent, one
table of several books. A voided order counts nowhere. Groups without an entry for calls have no call measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

import msgspec

from agent_console.domain.instants import Instant
from agent_console.domain.work_order.orders import RUNNING
from agent_console.store.connection import rows

_DAY = {
    "day": "day",
    "week": "date(day, 'weekday 0', '-6 days')",
    "month": "substr(day, 1, 7)",
    "quarter": "substr(day, 1, 4) || '-Q' || ((substr(day, 6, 2) + 2) / 3)",
    "year": "substr(day, 1, 4)",
}
ORDER_GROUPS = {
    **{name: name for name in ("kind", "district", "agent", "channel", "line", "topic", "status")},
    "unit": "lead",
    "handler": "handler",
    **_DAY,
}
CALL_GROUPS = {
    **{name: name for name in ("kind", "district", "agent", "channel", "line", "outcome", "refusal", "source")},
    **_DAY,
}

_STATES = ", ".join(f"'{status}'" for status in RUNNING)
_LATE = "(on_time IS 0 OR (due_handle BETWEEN 1 AND :now - 1 AND NOT immediate))"
_JUDGED = f"(on_time IS NOT NULL OR {_LATE})"
_DONE = "completed_at > 0"


class Measure(msgspec.Struct, frozen=True):
    """What is counted, and for a rate of how many."""

    counted: str
    of: str = ""


ORDER_MEASURES = {
    "received": Measure("1"),
    "open": Measure(f"status IN ({_STATES})"),
    "completed": Measure(_DONE, "1"),
    "urgent": Measure("urgent", "1"),
    "on_time": Measure(f"{_JUDGED} AND NOT {_LATE}", _JUDGED),
    "overdue": Measure(_LATE, _JUDGED),
    "returned": Measure("returns > 0", "1"),
    "extended": Measure("extensions > 0", "1"),
    "redo": Measure("redos > 0", "1"),
    "satisfied": Measure("satisfaction = 'satisfied'", "satisfaction != ''"),
    "called_back": Measure("reached", _DONE),
    "unreached": Measure("callbacks > 0 AND NOT reached", _DONE),
    "callback_satisfied": Measure("callback_satisfaction = 'satisfied'", "callback_satisfaction != ''"),
    "repeated": Measure("repeat OR joined > 0", "1"),
    "complained": Measure("kind IN ({complaints})", "1"),
}
_OWN = "source = ''"
IMPORTED = "imported"
CALL_MEASURES = {
    "calls": Measure(_OWN),
    **{
        name: Measure(f"{_OWN} AND outcome = '{outcome}'", _OWN)
        for name, outcome in (
            ("answered", "answered"),
            ("raised", "ordered"),
            ("refused", "refused"),
            ("transferred", "transferred"),
            ("interrupted", "interrupted"),
            ("invalid", "invalid"),
        )
    },
    IMPORTED: Measure("source != ''"),
}
RETURNED = "returned"
MEASURES = {**ORDER_MEASURES, **CALL_MEASURES}
GROUPS = tuple(dict.fromkeys((*ORDER_GROUPS, *CALL_GROUPS)))

Sums = dict[tuple[str, ...], dict[str, tuple[int, int]]]
"""By the key of a line: counted, and of how many (0 where the measure is no rate), by measure."""


class Counting(msgspec.Struct, frozen=True):
    """What to count: groups and measures by name, which orders and calls.

    complaints: kinds that are complaints. where: column and the values one of which it has; units: only orders that
    one of these units has.
    """

    by: tuple[str, ...]
    measures: tuple[str, ...]
    first_day: str
    last_day: str
    now: Instant
    rule_books: tuple[str, ...]
    complaints: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = {}
    units: tuple[str, ...] | None = None


def tally(connection: Connection, counting: Counting) -> Sums:
    """Count. A measure whose groups or conditions calls do not have is left out for them."""
    sums: Sums = {}
    parts = (
        (ORDER_MEASURES, ORDER_GROUPS, "order_figure", _orders(counting)),
        (CALL_MEASURES, CALL_GROUPS, "call_figure", _calls(counting)),
    )
    for known, groups, table, (conditions, parameters) in parts:
        asked = {name: known[name] for name in counting.measures if name in known}
        if not asked or any(name not in groups for name in (*counting.by, *counting.where)):
            continue
        keys = [groups[name] for name in counting.by]
        weight = "calls" if table == "call_figure" else "1"
        found = _sums(connection, table, keys, asked, weight, (*conditions, *_chosen(counting, groups)), parameters)
        for key, values in found.items():
            sums.setdefault(key, {}).update(values)
    if RETURNED in counting.measures and "unit" in counting.by:
        _add_returns(connection, counting, sums)
    return sums


def _orders(counting: Counting) -> tuple[list[str], dict[str, object]]:
    conditions = [
        "status != 'voided'",
        "day BETWEEN :first AND :last",
        f"rule_book IN ('', {_listed(counting.rule_books)})",
    ]
    if counting.units is not None:
        conditions.append(f"stream IN (SELECT stream FROM order_unit WHERE unit IN ({_listed(counting.units)}))")
    return conditions, _parameters(counting)


def _calls(counting: Counting) -> tuple[list[str], dict[str, object]]:
    conditions = ["day BETWEEN :first AND :last"]
    if IMPORTED not in counting.measures:
        conditions.append(_OWN)
    if counting.units is not None:
        conditions.append("0")
    return conditions, _parameters(counting)


def _parameters(counting: Counting) -> dict[str, object]:
    return {
        "first": counting.first_day,
        "last": counting.last_day,
        "now": counting.now,
        "complaints": counting.complaints,
    }


def _chosen(counting: Counting, groups: dict[str, str]) -> list[str]:
    return [f"{groups[name]} IN ({_listed(values)})" for name, values in counting.where.items()]


def _listed(values: Sequence[str]) -> str:
    return ", ".join(map(_quoted, values)) or "NULL"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def _sums(
    connection: Connection,
    table: str,
    keys: list[str],
    asked: dict[str, Measure],
    weight: str,
    conditions: Sequence[str],
    parameters: dict[str, object],
) -> dict[tuple[str, ...], dict[str, tuple[int, int]]]:
    complaints = _listed(parameters["complaints"])  # type: ignore[arg-type]
    columns = list(keys)
    for measure in asked.values():
        counted = measure.counted.replace("{complaints}", complaints)
        columns.append(f"coalesce(sum(CASE WHEN {counted} THEN {weight} ELSE 0 END), 0)")
        columns.append(f"coalesce(sum(CASE WHEN {measure.of} THEN {weight} ELSE 0 END), 0)" if measure.of else "0")
    grouped = f" GROUP BY {', '.join(map(str, range(1, len(keys) + 1)))}" if keys else ""
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {' AND '.join(conditions)}{grouped}"
    bound = {name: value for name, value in parameters.items() if name != "complaints"}
    found = {}
    for row in rows(connection, sql, bound):
        numbers = row[len(keys) :]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        found[tuple(row[: len(keys)])] = dict(zip(asked, pairs, strict=True))
    return found


def _add_returns(connection: Connection, counting: Counting, sums: Sums) -> None:
    """A return belongs to the unit that sent the order back, whoever has it now; it had that order too."""
    conditions, parameters = _orders(msgspec.structs.replace(counting, units=None))
    groups = {**ORDER_GROUPS, "unit": "order_return.unit"}
    if any(name not in groups for name in counting.by):
        return
    if counting.units is not None:
        conditions.append(f"order_return.unit IN ({_listed(counting.units)})")
    keys = [groups[name] for name in counting.by]
    columns = (*keys, "count(DISTINCT stream)", "count(DISTINCT CASE WHEN order_return.unit != lead THEN stream END)")
    sql = (
        f"SELECT {', '.join(columns)} FROM order_return JOIN order_figure USING (stream)"
        f" WHERE {' AND '.join((*conditions, *_chosen(counting, groups)))}"
        f" GROUP BY {', '.join(map(str, range(1, len(keys) + 1)))}"
    )
    for line in sums.values():
        line[RETURNED] = (0, line.get(RETURNED, (0, 0))[1])
    bound = {name: value for name, value in parameters.items() if name != "complaints"}
    for *key, returned, gone in rows(connection, sql, bound):
        line = sums.setdefault(tuple(key), {})
        line[RETURNED] = (returned, line.get(RETURNED, (0, 0))[1] + gone)
