"""Whose hand may write a record into an order, and in which states of it: one row for each record of a book."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from agent_console.desk.desk import Desk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.people import Actor
from agent_console.domain.work_order import order_life
from agent_console.domain.work_order.order_endings import RateOrder
from agent_console.domain.work_order.order_records import SetFlag, WriteRecord

LINE = ("operator", "lead", "centre", "callback_agent")
UNIT = ("unit_clerk", "unit_leader")
OTHERS = (
    *("bureau", "province", "supervision_office", "government_office", "evaluator", "guidance_office"),
    *("efficiency_office", "county_centre", "city_leader", "knowledge_editor"),
)
EVERYBODY = (*LINE, *UNIT, *OTHERS)
ANY = "raised dispatched signed returned completed"
_NOT_THEIRS = ("order.not_your_step", "sight.reads_only", "sight.no_such_role")

Step = msgspec.Struct


class Written(msgspec.Struct, frozen=True):
    """A record, the clause it rests on, who writes it and in which states.

    step: another step that those people take. details: of the form, where only such orders know the record. first: what
    has to be there before it. on_the_way: what such an order needs to go on, by the state it is in. late: only of an
    order that is overdue.
    """

    clause: str
    record: str
    who: str
    states: str = ANY
    details: dict[str, Any] = {}
    first: tuple[Step, ...] = ()
    on_the_way: dict[str, Step] = {}
    late: bool = False
    step: Step | None = None


def taken(clause: str, step: Step, who: str, state: str, details: dict[str, Any] | None = None, **more: Any) -> Written:
    """A step that is no record, and who takes it in that state of the order."""
    name = type(step).__name__ + str(getattr(step, "ground", "") or getattr(step, "flag", ""))
    return Written(clause, name, who, state, details or {}, step=step, **more)


def flagged(name: str, cause: str = "") -> Step:
    """A flag the record needs."""
    return SetFlag(name, on=True, cause=cause)


def written(name: str, **fields: str) -> Step:
    """A record another one needs."""
    return WriteRecord(name, fields)


DISSATISFIED = RateOrder("dissatisfied")


def by_clause(*rows: Written) -> list[Any]:
    """The rows as parameters of a test, each marked with its clause."""
    return [pytest.param(row, marks=pytest.mark.clause(row.clause), id=f"{row.clause}-{row.record}") for row in rows]


def hand(desk: Desk, role: str) -> Desk:
    """The same file in the hands of somebody of that role."""
    lent = copy.copy(desk)
    lent.actor = Actor("某人", role, "城市管理局" if role in UNIT else "")
    return lent


def key_of(decision: Decision) -> str:
    """The sentence of a refusal; "" where nothing forbids the step."""
    return decision.message.key if isinstance(decision, Blocked) else ""


class _TakenBack(Exception):
    """The step was only tried."""


def hands(desk: Desk, order_id: str, step: Step) -> set[str]:
    """Everybody whose step it is, tried one after the other and taken back each time."""
    return {role for role in EVERYBODY if _tried(hand(desk, role), order_id, step) not in _NOT_THEIRS}


def _tried(desk: Desk, order_id: str, step: Step) -> str:
    told = ""
    with suppress(_TakenBack), desk.transaction():
        told = key_of(desk.order_step(order_id, order_life.decide, step))
        raise _TakenBack
    return told


def by_anybody(desk: Desk, order_id: str, step: Step) -> None:
    """The step is taken by whoever may."""
    for role in EVERYBODY:
        if isinstance(handling.take(hand(desk, role), order_id, step), Done):
            return
    raise AssertionError(f"nobody may take {step}")
