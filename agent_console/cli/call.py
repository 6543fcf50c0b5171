"""`agent-console call`: offer a call to the seat, write one down, look at those there are."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.call_outcomes import OUTCOMES, outcome_of
from agent_console.cli.common_options import As, Json, Jurisdiction, Today, Unmask
from agent_console.cli.forms import Form, call_form, shown_name, shown_number
from agent_console.cli.library import entry_named
from agent_console.cli.options import by_id, form_options, given, with_annotated, with_options
from agent_console.cli.output import console, print_json
from agent_console.clock import clock_from_environment
from agent_console.desk.calls import shift
from agent_console.desk.calls.intake import Telling, mark_call
from agent_console.desk.calls.whole_call import log_call, log_invalid
from agent_console.desk.desk import call_stream
from agent_console.desk.leaving.seeing import calls_refused
from agent_console.desk.leaving.unmasking import unmask as note_unmasking
from agent_console.desk.listing import order_of
from agent_console.desk.opening import SEAT_FILE, OpenDesk
from agent_console.domain.decisions import Done
from agent_console.domain.errors import BadInput
from agent_console.domain.intake.calls import Call, DescribeCaller
from agent_console.domain.intake.outcomes import (
    Answered,
    FollowedUp,
    Outcome,
    Refused,
    name_of,
)
from agent_console.resources.rule_books import house
from agent_console.settings import home
from agent_console.store.seat_file import Store
from agent_console.texts import say
from agent_console.texts.wording import moment
from agent_console.texts.wording import name_of as named

_LISTED = 200
_ID_SHOWN = 13
"""The part of an id that holds its time: enough to name a call of one seat."""

_LONGEST_NUMBER = 40


def register(app: typer.Typer) -> None:
    """Add `call` to the command line."""
    group = typer.Typer(help=say("help.call"), no_args_is_help=True)
    group.command("ring", help=say("help.call_ring"))(ring)
    group.command("log", help=say("help.call_log"))(log)
    group.command("mark", help=say("help.call_mark"))(mark)
    group.command("list", help=say("help.call_list"))(list_)
    group.command("show", help=say("help.call_show"))(show)
    app.add_typer(group, name="call")


def ring(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=say("help.ring_number"))],
    name: Annotated[str, typer.Option(help=say("help.ring_name"))] = "",
    line: Annotated[str, typer.Option(help=say("help.ring_line"))] = "",
    call_id: Annotated[str, typer.Option(help=say("help.ring_call_id"))] = "",
    as_json: Json = False,
) -> None:
    """Let the running console of this seat offer a call."""
    if len(number) > _LONGEST_NUMBER or not number.isprintable():
        raise BadInput("error.ring_number", "advice.ring_number")
    # Neither rule book nor calendar: a telephone program waits for this.
    with Store.open(home() / SEAT_FILE, clock_from_environment()) as store:
        offer = store.rings.offer(number.strip(), name=name, line=line, call_id=call_id)
    if as_json:
        print_json({"id": offer.id, "call_id": offer.call_id, "line": offer.line})


@with_options(form_options(DescribeCaller))
@with_annotated(OUTCOMES)
def log(
    note: Annotated[str, typer.Option(help=say("help.note"))] = "",
    words: Annotated[str, typer.Option(help=say("help.words"))] = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    **told: Any,
) -> None:
    """Write down a whole call: who, what, and its one outcome."""
    outcome = outcome_of(told)
    who = DescribeCaller(**given({name: value for name, value in told.items() if name not in OUTCOMES}))
    with desk_of(jurisdiction, acting) as opened:
        who = by_id(who, opened.desk.context().rule_book)
        call = _logged(opened, who, outcome, Telling(note, words), told["invalid"] or "")
        _print_kept(call, as_json=as_json)


def mark(
    call_id: Annotated[str, typer.Argument(metavar="ID", help=say("help.call_id"))],
    which: Annotated[str, typer.Argument(metavar="MARK", help=say("help.mark"))],
    note: Annotated[str, typer.Option(help=say("help.note"))] = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Put a mark of the rule book on the record of a call."""
    with desk_of(jurisdiction, acting) as opened:
        call = opened.records.call(call_id)
        insist(mark_call(opened.desk, call.id, which, note))
        _print_kept(opened.desk.call(call.id), as_json=as_json)


def _print_kept(call: Call, *, as_json: bool) -> None:
    """One line where a person looks at a terminal; JSON for everything else, as programs have always read it."""
    if as_json or not sys.stdout.isatty():
        print_json(call_form(call))
        return
    sys.stdout.write(say("call.kept", id=call.id[:_ID_SHOWN], outcomes=_outcomes(call)) + "\n")


def _logged(opened: OpenDesk, who: DescribeCaller, outcome: Outcome | None, telling: Telling, invalid: str) -> Call:
    desk = opened.desk
    if outcome is None:
        logged = log_invalid(desk, who, invalid, house().invalid_reasons)
    else:
        logged = log_call(desk, who, _by_its_full_name(opened, outcome), telling)
    insist(logged.decision)
    return desk.call(logged.call)


def _by_its_full_name(opened: OpenDesk, outcome: Outcome) -> Outcome:
    """The entry of an answer, the order that a follow-up joins, the clause of a refusal, as the records write them.

    Raises UnknownName, BadInput.
    """
    match outcome:
        case Answered(article=str(entry)) if entry:
            return _answered(opened, entry)
        case FollowedUp(number):
            order = order_of(opened, number)
            return FollowedUp(order.number, order.id)
        case Refused(clause):
            items = opened.desk.rule_book.refusals
            named = (item.clause for item in items if item.clause.casefold() == clause.casefold())
            return msgspec.structs.replace(outcome, clause=next(named, clause))
        case _:
            return outcome


def _answered(opened: OpenDesk, name: str) -> Answered:
    from knowledge.library import Library

    library = Library(opened.store.connection)
    library.load_stock()
    entry = entry_named(library, name)
    return Answered(entry.id, entry.version)


def list_(today: Today = False, as_json: Json = False, jurisdiction: Jurisdiction = "") -> None:
    """The newest calls, or those of today."""
    with desk_of(jurisdiction) as opened:
        now = opened.desk.clock.now()
        mine = partial(shift.calls_of_day, opened.desk, opened.records)
        calls = mine(now) if today else opened.records.calls(_LISTED)
    if as_json:
        print_json([_line(call) for call in calls])
    else:
        _print_list(calls)


def _line(call: Call) -> Form:
    form = call_form(call)
    form["matters"] = [_outcome(matter.outcome) for matter in call.matters]
    return form


def _outcome(outcome: Outcome | None) -> str:
    return name_of(outcome) if outcome else ""


def _outcomes(call: Call) -> str:
    return say("sign.list").join(named("outcome", _outcome(matter.outcome)) for matter in call.matters) or call.reason


def _print_list(calls: list[Call]) -> None:
    from agent_console.cli.tables import column, print_rows

    heads = ("head.id", "head.time", "head.number", "head.caller", "head.status")
    rows = [
        (
            call.id[:_ID_SHOWN],
            moment(call.taken_at),
            shown_number(call.number, unmask=False),
            shown_name(call.caller_name, unmask=False),
            named("call_status", call.status),
            _outcomes(call),
        )
        for call in calls
    ]
    print_rows([*map(column, heads), column("head.outcome", prose=True)], rows)


def show(
    call_id: Annotated[str, typer.Argument(metavar="ID", help=say("help.call_id"))],
    unmask: Unmask = False,
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """One call with its matters."""
    with desk_of(jurisdiction, acting) as opened:
        insist(calls_refused(opened.desk) or Done(()))
        call = opened.records.call(call_id)
        if unmask:
            note_unmasking(opened.desk, call_stream(call.id))
    if as_json:
        print_json(call_form(call, opened.desk.rule_book, unmask=unmask))
    else:
        _print_call(call, unmask=unmask)


def _print_call(call: Call, *, unmask: bool) -> None:
    from rich.table import Table

    from agent_console.cli.outcome_lines import outcome_lines

    table = Table.grid(padding=(0, 2))
    rows = {
        "head.status": named("call_status", call.status),
        "head.time": moment(call.taken_at),
        "head.number": shown_number(call.number, unmask=unmask),
        "head.caller": shown_name(call.caller_name, unmask=unmask),
        "field.channel": call.channel,
        "head.operator": call.operator,
        "field.reason": call.reason,
    }
    for key, value in rows.items():
        if value:
            table.add_row(say(key), value)
    for number, matter in enumerate(call.matters, 1):
        table.add_row(say("call.matter", number=number), named("outcome", _outcome(matter.outcome)))
        for text in (*outcome_lines(matter.outcome, unmask=unmask), matter.note, matter.words):
            if text:
                table.add_row("", text)
    console().print(call.id, table, sep="\n")
