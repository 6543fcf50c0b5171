"""What can be done with an order now, what each step asks for, and which clause blocks the others.

Nothing is kept here: each step is put to the rule book as if it were taken, and the answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from agent_console.desk.orders.step_commands import KINDS, Values, command_for, form_of
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing, NeedsOverride
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import local_date
from agent_console.domain.work_order import duties, order_life
from agent_console.domain.work_order.order_clocks import lateness
from agent_console.domain.work_order.orders import Order
from agent_console.texts import say
from agent_console.texts.wording import name_of

Sort = Literal["step", "record", "flag"]

_UNTRIED = ("reassign",)
"""Steps that are only refused by what is filled in; trying them with made-up values would tell nothing."""

_MOST_TRIALS = 6
_MADE_UP = "…"
_CONFIRMED = ("withdraw", "void")


class Asked(msgspec.Struct, frozen=True):
    """A field of the form of a step: by which clause, which values, and when it has to be filled.

    where: other fields that have to say this for it to be asked. unless: values of other fields that make it needless.
    """

    field: str
    clause: str = ""
    values: tuple[str, ...] = ()
    owed: bool = True
    default: str = ""
    where: dict[str, str] = {}
    unless: dict[str, str] = {}
    form: str = ""

    def is_owed(self, values: Values) -> bool:
        """Whether it has to be filled beside these values."""
        asked = all(values.get(name) == said for name, said in self.where.items())
        return self.owed and asked and not any(values.get(name) == said for name, said in self.unless.items())


class Offer(msgspec.Struct, frozen=True):
    """A step, record or flag: what the rule book says to it now, and the fields of its form.

    decision: Done where it can be taken as it is, Missing where fields are to be filled first. reminded: the order owes
    it. confirm: asked about once more.
    """

    id: str
    sort: Sort
    name: str
    decision: Decision
    fields: tuple[Asked, ...] = ()
    reminded: bool = False
    confirm: bool = False

    @property
    def possible(self) -> bool:
        """Whether it can be taken now, its fields filled."""
        return not isinstance(self.decision, Blocked)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that block it or ask for its fields."""
        match self.decision:
            case Blocked(clauses):
                return tuple(clause for clause in clauses if clause)
            case Missing(_, clause) | NeedsOverride(_, clause):
                return (clause,) if clause else ()
            case _:
                return ()


def offers(order: Order, context: Context) -> tuple[Offer, ...]:
    """Every step, record and flag the rule book knows for an order, what it owes and what is possible first."""
    owed = {duty.record for duty in duties.pending(order, context.rule_book.life, lateness(order, context))}
    found = [_offer(step, sort, name, order, context, owed) for step, sort, name in _known(context)]
    return tuple(sorted(found, key=lambda offer: (not offer.possible, not offer.reminded)))


def offer_of(step: str, order: Order, context: Context) -> Offer:
    """One of them; for `amend.<field>` the form of that correction. Raises BadInput for one the book does not know."""
    if step.startswith("amend."):
        name = say("time_line.field", what=say("step.amend"), field=name_of("field", step.partition(".")[2]))
        return _offer(step, "step", name, order, context, set())
    for known, sort, name in _known(context):
        if known == step:
            return _offer(step, sort, name, order, context, set())
    raise BadInput("error.step_unknown", "advice.step_unknown", name=step, book=context.rule_book.short_title)


def _known(context: Context) -> Iterator[tuple[str, Sort, str]]:
    book = context.rule_book
    for step, kind in KINDS.items():
        if kind.known(book):
            yield step, "step", say(f"step.{step}")
    for record, rule in book.life.records.items():
        yield f"record.{record}", "record", rule.name
    for flag, mark in book.life.flags.items():
        yield f"flag.{flag}", "flag", mark.name


def _offer(step: str, sort: Sort, name: str, order: Order, context: Context, owed: set[str]) -> Offer:
    fields = tuple(Asked(**asked) for asked in form_of(step, order, context))
    return Offer(
        id=step,
        sort=sort,
        name=_flag_named(step, name, order) if sort == "flag" else name,
        decision=_verdict(step, fields, order, context),
        fields=fields,
        reminded=sort == "record" and step.removeprefix("record.") in owed,
        confirm=step in _CONFIRMED,
    )


def _flag_named(step: str, name: str, order: Order) -> str:
    return say("step.flag_off" if step.removeprefix("flag.") in order.flags else "step.flag_on", name=name)


def _verdict(step: str, fields: tuple[Asked, ...], order: Order, context: Context) -> Decision:
    """The answer of the rule book to an empty form; a block that filled fields would run into is told at once."""
    decision = _tried(step, {asked.field: asked.default for asked in fields if asked.default}, order, context)
    unfilled = [asked for asked in fields if asked.is_owed({})]
    if isinstance(decision, Blocked) and any(asked.values for asked in unfilled):
        # A choice that is not made yet is refused like a wrong one.
        unchosen = Missing(tuple(asked.field for asked in unfilled), unfilled[0].clause)
        return unchosen if _turns_out(step, fields, order, context) is None else decision
    if not isinstance(decision, Missing):
        return decision
    if step.partition(".")[0] in _UNTRIED:
        owed = order_life.waits_for(order, context.rule_book.life, step, lateness(order, context))
        return owed or decision
    return _turns_out(step, fields, order, context) or decision


def _turns_out(step: str, fields: tuple[Asked, ...], order: Order, context: Context) -> Blocked | None:
    """The block that any filling of the fields would run into; None where one of them is let through."""
    turns = min(max((len(asked.values) for asked in fields), default=1) or 1, _MOST_TRIALS)
    blocked = None
    for turn in range(turns):
        answer = _tried(step, _made_up(fields, turn, context), order, context)
        if not isinstance(answer, Blocked):
            return None
        blocked = blocked or answer
    return blocked


def _tried(step: str, values: Values, order: Order, context: Context) -> Decision:
    try:
        return order_life.decide(order, command_for(step, values, order), context)
    except BadInput:
        return Done(())


def _made_up(fields: tuple[Asked, ...], turn: int, context: Context) -> Values:
    values: Values = {}
    for asked in fields:
        if asked.default or asked.is_owed(values):
            values[asked.field] = asked.default or _one_of(asked, turn, context)
    return values


def _one_of(asked: Asked, turn: int, context: Context) -> str:
    if asked.values:
        return asked.values[min(turn, len(asked.values) - 1)]
    if asked.form == "number":
        return "1"
    return local_date(context.now).isoformat() if asked.form == "date" else _MADE_UP
