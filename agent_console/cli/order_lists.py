"""`agent-console order lists`: units and people supervised by lists, and what is noted at the line for them."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.options import pairs
from agent_console.cli.order_steps import Field
from agent_console.cli.output import console, print_json
from agent_console.cli.tables import Column, print_rows
from agent_console.desk.leaving.shown import Row
from agent_console.desk.reports.lists import Listed, Narrowed, known, listed
from agent_console.desk.reports.periods import read_period
from agent_console.desk.units import line_entries
from agent_console.domain.oversight.list_rules import ListRule
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.texts import say
from agent_console.texts.wording import name_of

_LISTED = "lists"
_WHOLE = ("number", "status", "at", "day", "due", "unit_received_at")
"""Columns that are never broken."""


def register(group: typer.Typer) -> None:
    """Add them to `order`."""
    group.command(_LISTED, help=say("help.order_lists"))(lists)
    group.command("note", help=say("help.order_note"))(note)


def lists(
    name: Annotated[str, typer.Argument(metavar="[LIST]", help=say("help.list"))] = "",
    unit: Annotated[str, typer.Option(help=say("help.list_unit"))] = "",
    part: Annotated[str, typer.Option("--role", help=say("help.list_part"))] = "",
    period: Annotated[str, typer.Option(help=say("help.list_period"))] = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """The lists there are, or one of them."""
    with desk_of(jurisdiction, acting) as opened:
        if not name:
            _print_known(known(opened), as_json=as_json)
            return
        narrowed = Narrowed(unit, part, read_period(period) if period else None)
        found = listed(opened, name, narrowed)
    if not isinstance(found, Listed):
        insist(found)
    elif as_json:
        print_json(_form(found))
    else:
        _print(found)


def _print_known(rules: dict[str, ListRule], *, as_json: bool) -> None:
    if as_json:
        print_json([{"id": name, **_head(rule)} for name, rule in rules.items()])
        return
    for name, rule in rules.items():
        console().print(say("lists.line", id=name, name=rule.name, clause=rule.clause))
    if not rules:
        console().print(say("lists.no_lists"))


def _head(rule: ListRule) -> dict[str, Any]:
    return {"name": rule.name, "clause": rule.clause, "basis": rule.basis}


def _form(found: Listed) -> dict[str, Any]:
    period = {"from": found.period.first.isoformat(), "to": found.period.last.isoformat()}
    return {"id": found.id, **_head(found.rule), **period, "rows": found.rows, "totals": found.totals}


def _print(found: Listed) -> None:
    first, last = found.period.first.isoformat(), found.period.last.isoformat()
    rule = found.rule
    console().print(say("lists.title", name=rule.name, clause=rule.clause, first=first, last=last), style="bold")
    _print_rows(found.rows)
    if found.totals:
        console().print(say("lists.per_unit"), style="bold")
        _print_rows(found.totals)


def _print_rows(rows: tuple[Row, ...]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row if column != "id"))
    cells = [[_cell(column, row.get(column)) for column in columns] for row in rows]
    print_rows([Column(_headed(column), prose=column not in _WHOLE) for column in columns], cells)


def _headed(column: str) -> str:
    head = name_of("column", column)
    return head if head != column else name_of("field", column)


def _cell(column: str, value: str | int | None) -> str:
    if value is None:
        return ""
    if column == "number":
        return grouped(str(value))
    return name_of("order_status", str(value)) if column == "status" else str(value)


def note(
    record: Annotated[str, typer.Argument(metavar="RECORD", help=say("help.list_note"))],
    field: Field = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Write something down at the line."""
    with desk_of(jurisdiction, acting) as opened:
        done = insist(line_entries.write(opened.desk, record, pairs(field)))
        rule = opened.desk.rule_book.lists.records[record]
    if as_json:
        print_json([msgspec.to_builtins(happened) for happened in done.facts])
    else:
        sys.stdout.write(say("lists.noted", record=rule.name) + "\n")
