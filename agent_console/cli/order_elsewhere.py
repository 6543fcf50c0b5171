"""`agent-console order show` for an order of another seat: its outline, which is all that stands here."""

from __future__ import annotations

import sys

from agent_console.cli.output import print_json
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.elsewhere import Elsewhere, look_up, outline_lines
from agent_console.domain.instants import iso


def is_shown(opened: OpenDesk, name: str, *, as_json: bool) -> bool:
    """Print the outline; False where there is none, or the order itself is here. Raises BadInput."""
    known = look_up(opened, name)
    if known is None:
        return False
    if as_json:
        print_json(_form(known))
    else:
        sys.stdout.write("\n".join(outline_lines(known)) + "\n")
    return True


def _form(known: Elsewhere) -> dict[str, object]:
    outline, clock = known.outline, known.dispatch
    due = None if clock is None or clock.due is None else iso(clock.due)
    return {
        "outline": True,
        "number": outline.number,
        "status": outline.status,
        "lead": outline.lead,
        "kind": outline.kind,
        "topic": outline.topic,
        "place": outline.place,
        "urgency": outline.urgency,
        "raised_at": iso(outline.raised_at),
        "clocks": {} if due is None else {"dispatch": {"due": due, "clause": clock.clause if clock else ""}},
        "as_of": iso(outline.as_of),
        "readers": list(known.readers),
    }
