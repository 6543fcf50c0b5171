"""`agent-console deadline`: the due time and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent_console.cli.common_options import Json, Jurisdiction
from agent_console.cli.options import with_annotated, worded
from agent_console.cli.output import console, print_json, run_batch
from agent_console.cli.situations import Asked, read_line
from agent_console.clock import clock_from_environment
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso
from agent_console.domain.time_limits.deadlines import Deadline, due
from agent_console.domain.time_limits.limits import LIMIT_NAMES, START_EVENTS
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.resources.calendars import load_calendar
from agent_console.settings import home
from agent_console.texts import say
from agent_console.texts.explain import due_text, explain, reasons, told_day
from agent_console.texts.wording import name_of

if TYPE_CHECKING:
    from rich.table import Table

_CONSENT = "_approved"
_WORKING_DAY = "working_day"
_TRUTH = {"true": True, "false": False}


def answer(asked: Asked, calendar: Calendar) -> tuple[Deadline, dict[str, Any]]:
    """The deadline and its machine-readable form, keys as in the batch form, without `id`."""
    deadline = due(asked.table, asked.limit, asked.situation, asked.start, calendar)
    return deadline, {
        "due": None if deadline.due is None else iso(deadline.due),
        "due_date": None if deadline.day is None else deadline.day.isoformat(),
        "decision": deadline.decision,
        "immediate": deadline.immediate,
        "provisional": deadline.provisional,
        "clause": deadline.clause or None,
        "why": explain(deadline) + _idle(asked),
    }


def batch(path: Path) -> None:
    """JSON lines in, JSON lines out. Raises BadInput naming the line."""
    calendar = load_calendar(home())
    run_batch(path, lambda line: answer(read_line(line), calendar)[1])


def _idle(asked: Asked) -> list[str]:
    return [say("reason.unused", name=name) for name in asked.idle]


def _print(asked: Asked, deadline: Deadline) -> None:
    screen = console()
    title = say("deadline.title", name=asked.table.name, limit=name_of("limit", asked.limit))
    screen.print(title, style="bold")
    screen.print(_grid(deadline, reasons(deadline) + _idle(asked)))


def _grid(deadline: Deadline, why: list[str]) -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(say("deadline.due"), due_text(deadline), style="bold")
    if deadline.decision:
        grid.add_row(say("deadline.decision"), say(f"decision.{deadline.decision}"))
    if deadline.clause:
        basis = say("basis.letter") if deadline.basis == "letter" else deadline.basis
        grid.add_row(say("deadline.clause"), deadline.clause)
        grid.add_row(say("deadline.basis"), basis)
    for counts, label in ((True, "deadline.counted"), (False, "deadline.skipped")):
        days = [told_day(told) for told in deadline.days if told.counts is counts]
        if days:
            grid.add_row(say(label), "、".join(days))
    grid.add_row(say("deadline.why"), "\n".join(why))
    return grid


def _facts(pairs: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not name or not equals:
            raise BadInput("error.fact", "advice.fact", text=pair)
        facts[name] = int(value) if value.isdecimal() else _TRUTH.get(value, value)
    return facts


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], {})}


def _consents(names: list[str]) -> dict[str, bool]:
    return {name if name.endswith(_CONSENT) else name + _CONSENT: True for name in names}


_FACTS = {
    "kind": worded(str, "help.kind", "--kind", "matter"),
    "urgent": worded(bool, "help.urgent", "--urgent/--no-urgent", "matter"),
    "simple": worded(bool, "help.simple", "--simple/--no-simple", "matter"),
    "listed": worded(bool, "help.listed", "--listed/--no-listed", "matter"),
    "complexity": worded(str, "help.complexity", "--complexity", "matter"),
    "channel": worded(str, "help.channel", "--channel", "matter"),
    "form": worded(str, "help.form", "--form", "matter"),
    "departments": worded(int, "help.departments", "--departments", "matter"),
    "joint": worded(bool, "help.joint", "--joint/--no-joint", "matter"),
    "unclear": worded(bool, "help.unclear", "--unclear/--no-unclear", "matter"),
    "answerable_on_spot": worded(bool, "help.answerable", "--answerable-on-spot/--not-answerable-on-spot", "matter"),
    "superior_due": worded(str, "help.superior_due", "--superior-due", "superior"),
}
"""Options that are facts of the situation under the same name."""
_STATUTORY = {
    "statutory_days": worded(int, "help.statutory_days", "--statutory-days", "superior"),
    "statutory_unit": worded(str, "help.statutory_unit", "--statutory-unit", "superior"),
}
_EXTENSION = {
    "extension_days": worded(int, "help.extension_days", "--extension-days", "extension"),
    "applied_at": worded(str, "help.applied_at", "--applied-at", "extension"),
    "prior_extensions": worded(int, "help.prior_extensions", "--prior-extensions", "extension"),
    "prior_days": worded(int, "help.prior_days", "--prior-days", "extension"),
    "consent": worded(list[str], "help.consent", "--consent", "extension"),
}
_MORE = {"fact": worded(list[str], "help.fact", "--fact", "matter")}


def register(app: typer.Typer) -> None:
    """Add `deadline` to the command line."""
    app.command(name="deadline", help=say("help.deadline"))(deadline_command)


@with_annotated({**_FACTS, **_MORE, **_STATUTORY, **_EXTENSION})
def deadline_command(
    jurisdiction: Jurisdiction = "",
    limit: Annotated[str, typer.Option("--limit", help=say("help.limit", known="、".join(LIMIT_NAMES)))] = "",
    start: Annotated[str, typer.Option("--start", help=say("help.start"))] = "",
    start_event: Annotated[
        str, typer.Option("--start-event", help=say("help.start_event", known="、".join(START_EVENTS)))
    ] = "",
    as_json: Json = False,
    batch_file: Annotated[Path | None, typer.Option("--batch", help=say("help.batch"))] = None,
    **told: Any,
) -> None:
    """Print the due time and why, or answer a batch."""
    if batch_file is not None:
        if jurisdiction or limit:
            raise typer.BadParameter(say("deadline.alone"))
        batch(batch_file)
        return
    if not jurisdiction or not limit:
        raise typer.BadParameter(say("deadline.needs"))
    asked = read_line(
        {
            "jurisdiction": jurisdiction,
            "limit": limit,
            "situation": _situation(told),
            "start": start or iso(clock_from_environment().now()),
            "start_event": start_event or None,
        }
    )
    deadline, answered = answer(asked, load_calendar(home()))
    if as_json:
        print_json(answered)
    else:
        _print(asked, deadline)


def _situation(told: dict[str, Any]) -> dict[str, Any]:
    """The facts that were told, keys as in the batch form. Raises BadInput."""
    days, unit = told["statutory_days"], told["statutory_unit"] or _WORKING_DAY
    extension = _given(
        requested_days=told["extension_days"],
        **{name: told[name] for name in ("applied_at", "prior_extensions", "prior_days")},
        **_consents(told["consent"] or []),
    )
    return _given(
        **{name: told[name] for name in _FACTS},
        statutory_limit=days and {"n": days, "unit": unit},
        extension=extension,
        **_facts(told["fact"] or []),
    )
