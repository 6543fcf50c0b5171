"""`agent-console calendar`: working days, days off and the files that change them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_console.cli.output import console, print_json, tell
from agent_console.clock import clock_from_environment
from agent_console.domain.instants import local_date
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.orders import Order
from agent_console.resources.calendars import import_calendar, load_calendar, read_calendar_file
from agent_console.settings import home, load_settings
from agent_console.texts import say
from agent_console.texts.explain import weekday
from agent_console.texts.wording import moment, name_of


def register(app: typer.Typer) -> None:
    """Add `calendar` to the command line."""
    group = typer.Typer(help=say("help.calendar"), no_args_is_help=True)
    group.command(name="show", help=say("help.calendar_show"))(show)
    group.command(name="import", help=say("help.calendar_import"))(import_file)
    app.add_typer(group, name="calendar")


def _form(calendar: Calendar, year: int) -> dict[str, Any]:
    def days(table: dict[date, str]) -> list[dict[str, str]]:
        return [{"date": str(day), "name": table[day]} for day in sorted(table) if day.year == year]

    return {
        "year": year,
        "covered": year in calendar.years,
        "off": days(calendar.off),
        "worked": days(calendar.worked),
        "covered_from": None if calendar.covered_from is None else str(calendar.covered_from),
        "covered_until": None if calendar.covered_until is None else str(calendar.covered_until),
        "version": calendar.version,
    }


def _print(calendar: Calendar, year: int) -> None:
    from rich.table import Table

    screen = console()
    screen.print(say("calendar.covered" if year in calendar.years else "calendar.uncovered", year=year))
    table = Table.grid(padding=(0, 2))
    marked = {**dict.fromkeys(calendar.off, "calendar.off"), **dict.fromkeys(calendar.worked, "calendar.worked")}
    for day in sorted(day for day in marked if day.year == year):
        name = calendar.off.get(day) or calendar.worked.get(day, "")
        table.add_row(str(day), weekday(day), say(marked[day]), name)
    screen.print(table)
    first, last = str(calendar.covered_from), str(calendar.covered_until)
    screen.print(say("calendar.range", first=first, last=last, version=calendar.version), style="dim")


def show(
    year: Annotated[int | None, typer.Argument(min=1950, max=2199)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    """Days off and make-up days of a year."""
    calendar = load_calendar(home())
    year = year or local_date(clock_from_environment().now()).year
    if as_json:
        print_json(_form(calendar, year))
    else:
        _print(calendar, year)


def import_file(file: Annotated[Path, typer.Argument()]) -> None:
    """Take a calendar file into the console's folder."""
    read = read_calendar_file(file)
    target = import_calendar(file, home())
    off, worked = (sum(len(stretch.days()) for stretch in part) for part in (read.off, read.worked))
    tell(say("calendar.imported", path=str(target), count=off, worked=worked))
    _recalculate()


def _recalculate() -> None:
    """Let the orders of the seat follow the new table, and say which clocks end otherwise now."""
    from agent_console.cli.acting import desk_of
    from agent_console.desk.opening import SEAT_FILE
    from agent_console.desk.reports.figures import bring_up_to_date

    if not load_settings(home()).jurisdiction or not (home() / SEAT_FILE).is_file():
        return
    moved: list[tuple[Order, Recalculated]] = []
    with desk_of() as opened:
        bring_up_to_date(opened.desk, tell=lambda order, change: moved.append((order, change)))
    tell(say("calendar.recalculated_count" if moved else "calendar.recalculated_none", count=len(moved)))
    for order, change in moved:
        limit = name_of("limit", change.limit)
        before, after = moment(change.before), moment(change.after)
        line = say("calendar.recalculated", number=grouped(order.number), limit=limit, before=before, after=after)
        console().print(line)
