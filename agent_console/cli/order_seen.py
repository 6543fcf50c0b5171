"""`agent-console order seen`: who looked at an order, when, and whether they learned who the caller is."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Any

import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.output import print_json
from agent_console.desk.leaving.seeing import may_look
from agent_console.desk.listing import sight
from agent_console.desk.opening import OpenDesk
from agent_console.domain.confidentiality.sight import no_such_person
from agent_console.domain.decisions import Done
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import Instant, at, iso
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.store.projections.seen import Look
from agent_console.texts import say
from agent_console.texts.wording import name_of

_LISTED = 1000


def register(group: typer.Typer) -> None:
    """Add it to `order`."""
    group.command("seen", help=say("help.order_seen"))(seen)


def seen(
    name: Annotated[str, typer.Argument(metavar="[NUMBER]", help=say("help.order_seen_name"))] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=say("help.seen_by"))] = "",
    since: Annotated[str, typer.Option("--from", metavar="DATE", help=say("help.seen_from"))] = "",
    until: Annotated[str, typer.Option("--to", metavar="DATE", help=say("help.seen_to"))] = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Who looked, the last one first: of one order, of one person, of a period."""
    first, last = _start(since, "from"), _start(until, "to", days=1)
    with desk_of(jurisdiction, acting) as opened:
        insist(no_such_person(opened.desk.context()) or Done(()))
        order = _named(opened, name) if name else ""
        found = opened.records.looks(
            sight(opened.desk), order=order, by=by.strip(), since=first, until=last, limit=_LISTED
        )
        lines = [_line(opened, look) for look in found]
    if as_json:
        print_json(lines)
    else:
        _print(lines)


def _named(opened: OpenDesk, name: str) -> str:
    """Id of an order whoever acts may see; asking who looked is no look. Raises RuleForbids, UnknownName, BadInput."""
    order = opened.records.order(name)
    insist(may_look(opened.desk, order) or Done(()))
    return order.id


def _start(day: str, option: str, days: int = 0) -> Instant:
    """The first moment of a day, or of the one `days` later; 0 where none is given. Raises BadInput."""
    try:
        return at(date.fromisoformat(day) + timedelta(days=days), time()) if day else 0
    except ValueError as error:
        raise BadInput("error.choice", "advice.choice", name=option, value=day, known="2026-01-31") from error


def _line(opened: OpenDesk, look: Look) -> dict[str, Any]:
    order = opened.desk.order(look.order)
    return {
        "order": order.number,
        "at": iso(look.at),
        "by": look.actor,
        "role": look.role,
        "unit": look.unit,
        "identity": look.identity,
        "masked": look.identity != "open",
        "ground": look.ground,
    }


def _print(lines: list[dict[str, Any]]) -> None:
    from agent_console.cli.tables import column, print_rows

    heads = ("head.time", "head.order", "head.who", "head.role", "field.unit", "head.seen_identity", "head.ground")
    rows = [
        (
            line["at"][:16].replace("T", " "),
            grouped(line["order"]),
            line["by"],
            name_of("role", line["role"]),
            line["unit"],
            say(f"seen.{line['identity']}"),
            line["ground"],
        )
        for line in lines
    ]
    print_rows([column(head, prose=head in ("field.unit", "head.ground")) for head in heads], rows)
