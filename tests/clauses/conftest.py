"""What the clauses of every book share: an order on a real seat's file, led through its life by whoever may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pytest

from agent_console.desk.calls import intake
from agent_console.desk.desk import Desk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Decision, Done, Missing
from agent_console.domain.instants import iso
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import Outcome
from agent_console.domain.people import Actor
from agent_console.domain.time_limits.deadlines import Deadline
from agent_console.domain.work_order.duties import pending
from agent_console.domain.work_order.order_corrections import ReassignOrder
from agent_console.domain.work_order.order_endings import ArchiveOrder, RateOrder, RedoOrder
from agent_console.domain.work_order.order_records import SetFlag, WriteRecord
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.work_order.orders import Order

from ..cli.conftest import ask
from ..conftest import Office
from ..screens.conftest import sit
from ..support.clock import SettableClock
from ..support.forms import Asks, form_told
from ..support.hands import ANY, Written, by_anybody, hand, hands, key_of
from ..support.rule_of import CLERK, OPERATOR, facts
from ..support.shelf import Shelf
from ..support.stories import EXTENDING, RESULT, RETURNING, SIGNING, form

__all__ = ["ask", "sit"]


class Case:
    """One order under one rule book. Steps give the decision; those with a name in the past tense insist on it."""

    def __init__(self, office: Office, clock: SettableClock, jurisdiction: str) -> None:
        self.jurisdiction = jurisdiction
        self.clock = clock
        self._office = office
        self._desks: dict[Actor, Desk] = {}
        self.opened = office(jurisdiction, OPERATOR)
        self.id = ""

    def desk(self, actor: Actor = OPERATOR) -> Desk:
        """The desk of this person, on the same file."""
        if actor not in self._desks:
            self._desks[actor] = self._office(self.jurisdiction, actor).desk
        return self._desks[actor]

    # the way there

    def raised(self, at: str = "", **details: object) -> Case:
        """An order on the line's desk; its call came in at the same moment."""
        self._set(at)
        filled = form(self.jurisdiction, **{"received_at": self.clock.now(), **details})
        raising = intake.raise_order(self.desk(), "", "", filled, intake.Telling())
        facts(raising.decision)
        self.id = raising.order
        return self

    def dispatched(self, at: str = "", **details: object) -> Case:
        """An order in the inbox of its unit."""
        facts(self.raised(at, **details).do(DispatchOrder()))
        return self

    def signed(self, at: str = "", **details: object) -> Case:
        """An order its unit signed for at the moment it came."""
        facts(self.dispatched(at, **details).do(SignOrder(SIGNING), CLERK))
        return self

    def completed(self, at: str = "", **details: object) -> Case:
        """An order that was handled and answered."""
        facts(self.signed(at, **details).complete())
        return self

    # steps

    def do(self, command: msgspec.Struct, actor: Actor = OPERATOR, at: str = "") -> Decision:
        """Any command, by this person, at this time."""
        self._set(at)
        return handling.take(self.desk(actor), self.id, command)

    def sign(self, at: str = "", actor: Actor = CLERK, without: str = "", **fields: str) -> Decision:
        """The unit signs, one field left out where `without` names it."""
        return self.do(SignOrder(_but({**SIGNING, **fields}, without)), actor, at)

    def return_(self, at: str = "", actor: Actor = CLERK, without: str = "", **fields: str) -> Decision:
        """The unit sends it back."""
        return self.do(ReturnOrder(_but({**RETURNING[self.jurisdiction], **fields}, without)), actor, at)

    def extend(self, days: int, at: str = "", actor: Actor = CLERK, without: str = "", **fields: str) -> Decision:
        """The unit needs more time."""
        return self.do(ExtendOrder(days, _but({**EXTENDING, **fields}, without)), actor, at)

    def complete(self, at: str = "", actor: Actor = CLERK, without: str = "", **fields: str) -> Decision:
        """The unit reports the result."""
        return self.do(CompleteOrder(_but({**RESULT[self.jurisdiction], **fields}, without)), actor, at)

    def record(self, name: str, actor: Actor = OPERATOR, at: str = "", /, **fields: str) -> Decision:
        """Something is written into the order."""
        return self.do(WriteRecord(name, fields), actor, at)

    def flag(self, name: str, actor: Actor = OPERATOR, *, on: bool = True, cause: str = "") -> Decision:
        """A flag is set or taken off."""
        return self.do(SetFlag(name, on, cause), actor)

    def reassign(self, lead: str, actor: Actor, at: str = "", **fields: str) -> Decision:
        """The order goes to another unit."""
        return self.do(ReassignOrder(lead, (), fields), actor, at)

    def rate(self, value: str, comment: str = "", actor: Actor = OPERATOR, at: str = "") -> Decision:
        """The caller judges the result."""
        return self.do(RateOrder(value, comment), actor, at)

    def redo(self, ground: str = "dissatisfied", actor: Actor = OPERATOR, at: str = "") -> Decision:
        """It is to be handled again."""
        return self.do(RedoOrder(ground, "未解决"), actor, at)

    def archive(self, file_class: str = "", actor: Actor = OPERATOR, at: str = "") -> Decision:
        """It is put away."""
        return self.do(ArchiveOrder(file_class), actor, at)

    def _set(self, at: str) -> None:
        if at:
            self.clock.set(at)

    # what is to be seen

    @property
    def order(self) -> Order:
        """The order as it stands on the file."""
        return self.desk().order(self.id)

    @property
    def clocks(self) -> dict[str, Deadline]:
        """The clocks that run on it."""
        return handling.clocks(self.desk(), self.id)

    def due(self, limit: str = "handle") -> str:
        """When a clock runs out; "" where it does not run."""
        clock = self.clocks.get(limit)
        return iso(clock.due) if clock is not None and clock.due is not None else ""

    def clause(self, limit: str = "handle") -> str:
        """The clause a clock rests on; "" where it does not run."""
        clock = self.clocks.get(limit)
        return clock.clause if clock is not None else ""

    @property
    def owes(self) -> dict[str, bool]:
        """Records the order owes now, and whether they are red."""
        rules = self.desk().context_for(self.order).rule_book.life
        return {duty.record: duty.urgent for duty in pending(self.order, rules)}

    def log(self) -> list[tuple[str, str]]:
        """What happened to the order, and when."""
        events = self.opened.store.log.load(f"order:{self.id}")
        return [(event.envelope.type, iso(event.envelope.occurred_at)) for event in events]


class NewCase(Protocol):
    """An order of a city, or of several on the same file."""

    def __call__(self, jurisdiction: str) -> Case: ...


@pytest.fixture
def case(office: Office, clock: SettableClock) -> NewCase:
    """Begins an order under the rule book of a city."""

    def begin(jurisdiction: str) -> Case:
        return Case(office, clock, jurisdiction)

    return begin


class Line:
    """An operator who takes calls, without a screen."""

    def __init__(self, office: Office, clock: SettableClock, jurisdiction: str) -> None:
        self.opened = office(jurisdiction, OPERATOR)
        self.desk = self.opened.desk
        self.clock = clock

    def take(self, number: str = "13800138000", *, caller_name: str = "", channel: str = "", line: str = "") -> str:
        """Answer a call; its id."""
        decision, call_id = intake.take_call(self.desk, number, caller_name=caller_name, channel=channel, line=line)
        facts(decision)
        return call_id

    def conclude(self, call_id: str, outcome: Outcome, note: str = "路灯不亮", words: str = "") -> Decision:
        """Give the matter in hand its outcome."""
        matter = self.desk.call(call_id).open_matter
        assert matter is not None
        return intake.conclude(self.desk, call_id, matter.id, outcome, intake.Telling(note, words))

    def call(self, call_id: str) -> Call:
        """The record of the call."""
        return self.desk.call(call_id)


NewLine = Callable[[str], Line]
NewShelf = Callable[[str], Shelf]


@pytest.fixture
def line(office: Office, clock: SettableClock) -> NewLine:
    """An operator of a city."""
    return lambda jurisdiction: Line(office, clock, jurisdiction)


@pytest.fixture
def shelf(office: Office, clock: SettableClock, home: Path) -> NewShelf:
    """The knowledge base of a city."""
    return lambda jurisdiction: Shelf(office, clock, home, jurisdiction)


def missing(decision: Decision) -> tuple[tuple[str, ...], str]:
    """Fields a rule asks for, and the clause that does."""
    assert isinstance(decision, Missing), decision
    return decision.fields, decision.clause


def allowed(decision: Decision) -> bool:
    """Whether the step was taken."""
    return isinstance(decision, Done)


def _but(fields: dict[str, str], without: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name != without}


LATE = "2026-04-20T10:00+08:00"
"""Beyond every ordinary limit of an order of 2 March."""


def brought(order: Case, state: str, details: dict[str, Any], on_the_way: dict[str, msgspec.Struct]) -> Case:
    """The order in that state, whatever it needs on the way there."""
    steps: dict[str, msgspec.Struct] = {
        "dispatched": DispatchOrder(),
        "signed": SignOrder(SIGNING),
        "completed": CompleteOrder(RESULT[order.jurisdiction]),
        "archived": ArchiveOrder(),
    }
    if state == "returned":
        facts(brought(order, "dispatched", details, on_the_way).return_())
        if order.order.status != "returned":
            by_anybody(order.desk(), order.id, DecideReturn(granted=True, reason="同意退回"))
        return order
    order.raised(**details)
    for name, step in steps.items():
        if order.order.status == state:
            break
        if order.order.status in on_the_way:
            by_anybody(order.desk(), order.id, on_the_way[order.order.status])
        by_anybody(order.desk(), order.id, step)
        assert order.order.status == name
    return order


def check_hands(case: NewCase, jurisdiction: str, row: Written) -> None:
    """Exactly these people write the record, and in exactly these states of an order."""
    states, step = row.states.split(), row.step or WriteRecord(row.record, {})
    for state in _states(row):
        order = brought(case(jurisdiction), state, row.details, row.on_the_way)
        told = key_of(handling.take(hand(order.desk(), row.who.split()[0]), order.id, step))
        assert (told != "record.not_now") is (state in states), (state, told)
    liked = ("signed", "completed") if row.late else ("completed", "signed")
    order = brought(case(jurisdiction), next((s for s in liked if s in states), states[0]), row.details, row.on_the_way)
    if row.late:
        order.clock.set(LATE)
    for earlier in row.first:
        by_anybody(order.desk(), order.id, earlier)
    assert hands(order.desk(), order.id, step) == set(row.who.split())


def _states(row: Written) -> tuple[str, ...]:
    """States in which a record is tried; what state a step belongs to is no rule of a book."""
    extra = [state for state in row.states.split() if state not in ANY]
    return () if row.step else (*ANY.split(), *extra)


def check_form(case: NewCase, jurisdiction: str, row: Asks) -> None:
    """The step asks for exactly these fields, by these clauses, with these values."""
    order = case(jurisdiction).raised(**row.details)
    if row.flag:
        by_anybody(order.desk(), order.id, SetFlag(row.flag))
    assert form_told(order.desk(), order.id, row) == row.form
