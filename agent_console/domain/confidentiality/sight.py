"""Who sees which order, who may write, and from whom it is kept who the caller is.

Lists and look-ups for a person ask `sight_of`, steps go through `guarded`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

import msgspec

from agent_console.domain.confidentiality.role_rules import HiddenIdentity, RoleRule
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision
from agent_console.domain.messages import message
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.units.directory import Directory
from agent_console.domain.work_order.orders import Order

Identity = Literal["open", "masked", "hidden"]
"""How a caller stands before somebody: in full, as 张* and 138****0000, not at all."""

IN_WORK, FILED, FILED_CONFIDENTIAL = 0, 1, 2
NOT_YOUR_STEP = "order.not_your_step"
GROUND_WANTING = "sight.ground_wanting"

CommandT = TypeVar("CommandT")
Decide = Callable[[Order, CommandT, Context], Decision]


class Sight(msgspec.Struct, frozen=True):
    """What one person sees, as a value a list can turn into a condition.

    everything: every order. units: orders one of these units has. flags: orders that carry one of these. filed: how far
    that reaches into the archive, from `IN_WORK` to `FILED_CONFIDENTIAL`. hiding: flags that take an order out of the
    lists, though not out of a look-up by its number. clause: what it rests on.
    """

    everything: bool = False
    units: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    filed: int = FILED_CONFIDENTIAL
    hiding: frozenset[str] = frozenset()
    clause: str = ""

    def sees(self, order: Order) -> bool:
        """Whether this order may be looked at."""
        if self.everything:
            return True
        within = not self.units.isdisjoint(units_on(order)) or not self.flags.isdisjoint(order.flags)
        return within and filing_of(order) <= self.filed

    def lists(self, order: Order) -> bool:
        """Whether this order stands in lists."""
        return self.sees(order) and self.hiding.isdisjoint(order.flags)


EVERYTHING = Sight(everything=True)


def units_on(order: Order) -> tuple[str, ...]:
    """The units that have the order: lead, supporting, those it was passed on to; none before it was handed out."""
    if not order.lead:
        return ()
    return tuple(dict.fromkeys(unit for unit in (*order.handlers, *order.supporting) if unit))


def filing_of(order: Order) -> int:
    """Whether the order was put away, and whether among the confidential ones."""
    if order.status != "archived":
        return IN_WORK
    return FILED_CONFIDENTIAL if order.details.confidential or order.secret else FILED


def sight_of(actor: Actor, book: RuleBook, directory: Directory) -> Sight:
    """What this person sees under the rule book; nothing where the book has no such role, or a unit is wanting."""
    rule = book.roles.get(actor.role)
    if rule is None:
        return Sight()
    flags = book.life.flags.items()
    hiding = frozenset(name for name, flag in flags if flag.seen_by and actor.role not in flag.seen_by)
    filed = FILED_CONFIDENTIAL
    if rule.of_unit:
        filed = IN_WORK if rule.filed is None else FILED_CONFIDENTIAL if rule.filed.confidential else FILED
    return Sight(
        everything=rule.sees == "all" and not (rule.of_unit and not actor.unit),
        units=_units(rule, actor, directory),
        flags=frozenset(rule.flags) if rule.sees == "flagged" else frozenset(),
        filed=filed,
        hiding=hiding,
        clause=rule.clause,
    )


def _units(rule: RoleRule, actor: Actor, directory: Directory) -> frozenset[str]:
    match rule.sees:
        case "unit":
            return frozenset(filter(None, (actor.unit,)))
        case "below":
            return directory.below(actor.unit) if actor.unit else frozenset()
        case "listed":
            return frozenset(name for name, unit in directory.units.items() if unit.unit_class in rule.classes)
    return frozenset()


def may_see(order: Order, actor: Actor, book: RuleBook, directory: Directory) -> bool:
    """Whether this person may look at the order."""
    return sight_of(actor, book, directory).sees(order)


def not_in_sight(order: Order, context: Context) -> Blocked | None:
    """Why this person may not look at the order; None where they may."""
    actor, book = context.actor, context.rule_book
    refused = no_such_person(context)
    if refused is not None or may_see(order, actor, book, context.directory):
        return refused
    rule = book.roles[actor.role]
    if not rule.of_unit:
        return Blocked(_cited(rule.keeps_out or rule.clause), message(f"sight.only_{rule.sees}", role=actor.role))
    if _units(rule, actor, context.directory).isdisjoint(units_on(order)):
        return Blocked(_cited(rule.keeps_out), message("sight.not_of_unit", unit=actor.unit))
    clause = rule.filed.clause if rule.filed is not None else rule.keeps_out
    return Blocked(_cited(clause), message("sight.put_away", unit=actor.unit))


def no_such_person(context: Context) -> Blocked | None:
    """Why nobody can act like this: the book has no such role, or it is one of a unit and none was named."""
    return nobody_like(context.actor, context.rule_book)


def nobody_like(actor: Actor, book: RuleBook) -> Blocked | None:
    """The same of any person under any book."""
    rule = book.roles.get(actor.role)
    if rule is None:
        return Blocked((), message("sight.no_such_role", role=actor.role, book=book.short_title))
    if rule.of_unit and not actor.unit:
        return Blocked(_cited(rule.clause), message("sight.unit_wanting", role=actor.role), message("sight.name_unit"))
    return None


def takes_no_calls(actor: Actor, book: RuleBook) -> Blocked | None:
    """Why this person does not sit at a seat and take calls; None where they may."""
    rule = book.roles.get(actor.role)
    if rule is None or (rule.calls and rule.writes == "open"):
        return nobody_like(actor, book)
    return Blocked(_cited(rule.keeps_out or rule.clause), message("sight.takes_no_calls", role=actor.role))


def sees_no_orders(actor: Actor, book: RuleBook) -> Blocked | None:
    """Why no order at all is shown to this person; None where some may be."""
    rule = book.roles.get(actor.role)
    if rule is None or rule.sees not in ("figures", "none"):
        return nobody_like(actor, book)
    return Blocked(_cited(rule.keeps_out or rule.clause), message(f"sight.only_{rule.sees}", role=actor.role))


def only_reads(context: Context) -> Blocked | None:
    """Why this person takes no step that stands open to everybody at the line; None where they may."""
    rule = context.rule_book.roles.get(context.actor.role)
    return None if rule is None or rule.writes == "open" else _reads_only(rule, context)


def _reads_only(rule: RoleRule, context: Context) -> Blocked:
    return Blocked(_cited(rule.clause), message("sight.reads_only", role=context.actor.role))


def guarded(order: Order, command: CommandT, context: Context, decide: Decide[CommandT]) -> Decision:
    """What `decide` says, unless this person may not write at all, or not on this order.

    A role that writes only what a rule names it for takes no step that somebody without any role could take as well.
    """
    refused = no_such_person(context)
    if refused is not None:
        return refused
    rule = context.rule_book.roles[context.actor.role]
    if rule.writes == "none":
        return _reads_only(rule, context)
    decision = decide(order, command, context)
    if rule.writes == "named" and _is_not_named(order, command, context, decide, decision):
        return _reads_only(rule, context)
    if isinstance(decision, Blocked):
        return decision
    return not_in_sight(order, context) or decision


def _is_not_named(
    order: Order, command: CommandT, context: Context, decide: Decide[CommandT], decision: Decision
) -> bool:
    if isinstance(decision, Blocked):
        return decision.message.key == NOT_YOUR_STEP and not decision.clauses
    nobody = msgspec.structs.replace(context, actor=msgspec.structs.replace(context.actor, role=""))
    return not isinstance(decide(order, command, nobody), Blocked)


def identity_for(order: Order, context: Context) -> tuple[Identity, HiddenIdentity | None]:
    """How the caller stands before this person unless they ask for more, and the rule where one keeps it from them."""
    rule = context.rule_book.roles.get(context.actor.role)
    hidden = next(
        (each for each in rule.hidden if not each.kinds or order.details.kind in each.kinds) if rule else iter(()), None
    )
    return ("hidden" if hidden is not None and hidden.leaves == "nothing" else "masked"), hidden


def unmasking_refused(order: Order, ground: str, context: Context) -> Blocked | None:
    """Why this person may not learn who the caller is; `ground` says why handling needs it."""
    _, hidden = identity_for(order, context)
    if hidden is None or (hidden.shown == "when_needed" and ground.strip()):
        return None
    kind = order.details.kind
    if hidden.shown == "when_needed":
        return Blocked(_cited(hidden.clause), message(GROUND_WANTING, kind=kind), message("sight.name_ground"))
    return Blocked(_cited(hidden.clause), message("sight.never_told", kind=kind, role=context.actor.role))


def without_identity(order: Order) -> Order:
    """The order as it stands before somebody who is not told who the caller is."""
    details = msgspec.structs.replace(order.details, caller_name="", caller_number="", contact_number="")
    callers = tuple(msgspec.structs.replace(each, caller_name="", caller_number="") for each in order.callers)
    return msgspec.structs.replace(order, details=details, callers=callers)


def _cited(clause: str) -> tuple[str, ...]:
    return (clause,) if clause else ()
