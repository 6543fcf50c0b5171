"""Ending a call for abuse: its record is marked with the script that was read out before, and a lead hears of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.desk.calls.intake import Refusing, Telling, conclude_within
from agent_console.desk.desk import Desk, call_stream
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.intake import call_marks, calls
from agent_console.domain.intake.call_marks import MarkCall, abuse_mark
from agent_console.domain.intake.calls import Call, MarkInvalid
from agent_console.domain.intake.outcomes import Ended


class Warned(msgspec.Struct, frozen=True):
    """The script that was read out, and the way through it."""

    script: str
    script_version: int
    path: tuple[str, ...]


def report(desk: Desk, call_id: str, warned: Warned) -> Decision:
    """Mark a call whose matter has an outcome already, such as a refusal: it was ended for abuse."""
    return desk.on_call(call_id, call_marks.decide, _marking(desk, warned, ""))


def end(desk: Desk, call_id: str, warned: Warned, telling: Telling, reason: str, reasons: Sequence[str]) -> Decision:
    """End a call for abuse where the rule book knows no refusal for it; what was written stays in the mark's note.

    A call of which nothing came so far is an invalid one for `reason`; one that has an outcome keeps it, and the matter
    in hand ends explained, in the words of `telling`.
    """
    try:
        with desk.transaction():
            marking = _marking(desk, warned, telling.note)
            _step(desk.step(call_stream(call_id), Call(), calls.evolve, call_marks.decide, marking))
            return _step(_ended(desk, call_id, warned, telling, MarkInvalid(reason, tuple(reasons))))
    except Refusing as refused:
        return refused.decision


def _marking(desk: Desk, warned: Warned, note: str) -> MarkCall:
    return MarkCall(abuse_mark(desk.rule_book), note, ended=True, **msgspec.structs.asdict(warned))


def _ended(desk: Desk, call_id: str, warned: Warned, telling: Telling, invalid: MarkInvalid) -> Decision:
    call, rule = desk.call(call_id), desk.rule_book.life.call_marks.get(abuse_mark(desk.rule_book))
    if call.open_matter is not None and len(call.matters) > 1:
        clause = rule.clause if rule else ""
        ended = Ended(**msgspec.structs.asdict(warned), clause=clause, explained=True, guided=True)
        return conclude_within(desk, call_id, call.open_matter.id, ended, telling)
    desk.store.drafts.delete(call_stream(call_id))
    return desk.step(call_stream(call_id), Call(), calls.evolve, calls.decide, invalid)


def _step(decision: Decision) -> Decision:
    """Go on only where the rules allow it; a transaction undoes the rest."""
    if not isinstance(decision, Done):
        raise Refusing(decision)
    return decision
