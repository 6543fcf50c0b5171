"""`agent-console deadline`: the due time and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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


def _option(key: str, *names: str, **fields: str) -> Any:
    return typer.Option(*names, help=say(key, **fields))


def register(app: typer.Typer) -> None:
    """Add `deadline` to the command line."""
    app.command(name="deadline", help=say("help.deadline"))(deadline_command)


def deadline_command(
    jurisdiction: Annotated[str, _option("help.jurisdiction", "--jurisdiction", "-j")] = "",
    limit: Annotated[str, _option("help.limit", "--limit", known="、".join(LIMIT_NAMES))] = "",
    kind: Annotated[str | None, _option("help.kind", "--kind")] = None,
    start: Annotated[str | None, _option("help.start", "--start")] = None,
    start_event: Annotated[
        str | None, _option("help.start_event", "--start-event", known="、".join(START_EVENTS))
    ] = None,
    urgent: Annotated[bool | None, _option("help.urgent", "--urgent/--no-urgent")] = None,
    simple: Annotated[bool | None, _option("help.simple", "--simple/--no-simple")] = None,
    listed: Annotated[bool | None, _option("help.listed", "--listed/--no-listed")] = None,
    complexity: Annotated[str | None, _option("help.complexity", "--complexity")] = None,
    channel: Annotated[str | None, _option("help.channel", "--channel")] = None,
    form: Annotated[str | None, _option("help.form", "--form")] = None,
    departments: Annotated[int | None, _option("help.departments", "--departments")] = None,
    joint: Annotated[bool | None, _option("help.joint", "--joint/--no-joint")] = None,
    unclear: Annotated[bool | None, _option("help.unclear", "--unclear/--no-unclear")] = None,
    answerable_on_spot: Annotated[
        bool | None, _option("help.answerable", "--answerable-on-spot/--not-answerable-on-spot")
    ] = None,
    statutory_days: Annotated[int | None, _option("help.statutory_days", "--statutory-days")] = None,
    statutory_unit: Annotated[str, _option("help.statutory_unit", "--statutory-unit")] = "working_day",
    superior_due: Annotated[str | None, _option("help.superior_due", "--superior-due")] = None,
    extension_days: Annotated[int | None, _option("help.extension_days", "--extension-days")] = None,
    applied_at: Annotated[str | None, _option("help.applied_at", "--applied-at")] = None,
    prior_extensions: Annotated[int | None, _option("help.prior_extensions", "--prior-extensions")] = None,
    prior_days: Annotated[int | None, _option("help.prior_days", "--prior-days")] = None,
    consent: Annotated[list[str] | None, _option("help.consent", "--consent")] = None,
    fact: Annotated[list[str] | None, _option("help.fact", "--fact")] = None,
    as_json: Annotated[bool, _option("help.json", "--json")] = False,
    batch_file: Annotated[Path | None, _option("help.batch", "--batch")] = None,
) -> None:
    """Print the due time and why, or answer a batch."""
    if batch_file is not None:
        if jurisdiction or limit:
            raise typer.BadParameter(say("deadline.alone"))
        batch(batch_file)
        return
    if not jurisdiction or not limit:
        raise typer.BadParameter(say("deadline.needs"))
    extension = _given(
        requested_days=extension_days,
        applied_at=applied_at,
        prior_extensions=prior_extensions,
        prior_days=prior_days,
        **_consents(consent or []),
    )
    situation = _given(
        kind=kind,
        urgent=urgent,
        simple=simple,
        listed_service_item=listed,
        complexity=complexity,
        channel=channel,
        form=form,
        departments=departments,
        joint=joint,
        unclear=unclear,
        answerable_on_spot=answerable_on_spot,
        statutory_limit=statutory_days and {"n": statutory_days, "unit": statutory_unit},
        superior_due=superior_due,
        extension=extension,
        **_facts(fact or []),
    )
    asked = read_line(
        {
            "jurisdiction": jurisdiction,
            "limit": limit,
            "situation": situation,
            "start": start or iso(clock_from_environment().now()),
            "start_event": start_event,
        }
    )
    deadline, answered = answer(asked, load_calendar(home()))
    if as_json:
        print_json(answered)
    else:
        _print(asked, deadline)
