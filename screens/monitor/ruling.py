"""The rule that governs a decision, in words: which clause, who may, until when, what it moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent_console.desk.monitor.deciding import Governed, Moved
from agent_console.domain.decisions import Done, Missing
from agent_console.domain.errors import UnknownName
from agent_console.domain.instants import Instant, local
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.resources.rule_books import find_clause
from agent_console.texts import say
from agent_console.texts.wording import moment, name_of, names_of
from screens.refusals import told

_SHOWN = 3


def ruling(one: Governed) -> list[str]:
    """What is to be known before the key is pressed."""
    return list(_ruling(one))


def _ruling(one: Governed) -> Iterator[str]:
    for clause in one.clauses:
        yield say("decide.clause", clause=clause, summary=_summary(clause))
    yield say("decide.roles", roles=names_of("role", one.roles)) if one.roles else say("decide.everybody")
    if one.until:
        yield say("decide.until", due=moment(one.until), limit=name_of("limit", one.window))
    if one.status and one.status != one.order.status:
        before, after = (name_of("order_status", status) for status in (one.order.status, one.status))
        yield say("decide.status", before=before, after=after)
    if one.moves:
        yield say("decide.moves", moves=say("sign.list").join(map(_move, one.moves)))
    if not isinstance(one.offer.decision, Done | Missing):
        yield say("decide.blocked", name=one.offer.name, why=told(one.offer.decision))


def _summary(clause: str) -> str:
    try:
        return find_clause(clause).summary
    except UnknownName:
        return ""


def _move(moved: Moved) -> str:
    before, after = (_at(instant) for instant in (moved.before, moved.after))
    return say("decide.move", clock=name_of("limit", moved.clock), before=before, after=after)


def _at(instant: Instant) -> str:
    return f"{local(instant):%m-%d %H:%M}" if instant else say("decide.gone")


def above(possible: Sequence[Governed], left_out: Sequence[Governed]) -> str:
    """What stands over the form: the rule for the first, and each order that cannot be decided, with its reason."""
    lines = ruling(possible[0])
    if left_out:
        lines.append(say("decide.left_out", count=len(left_out)))
    for one in left_out[:_SHOWN]:
        why = told(one.offer.decision).partition("\n")[0]
        lines.append(say("decide.left_out_one", number=grouped(one.order.number), why=why))
    return "\n".join(lines)
