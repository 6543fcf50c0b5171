"""What whoever sits at the seat may do there: which actions they are offered, and which list they work from.

Steps of an order are not told here: the order's screen puts each of them to the rule book.
"""

from __future__ import annotations

from functools import cached_property

from agent_console.domain.confidentiality.sight import sees_no_orders, takes_no_calls
from agent_console.domain.decisions import Blocked
from agent_console.domain.messages import message
from agent_console.domain.people import OPERATOR, Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.order_life_facts import SUPERVISED
from agent_console.texts import say
from screens.actions import ACTIONS, ORDER_ACTIONS, Action, Need


class Abilities:
    """Of one person under one rule book."""

    def __init__(self, actor: Actor, book: RuleBook, *, watching: bool = False) -> None:
        """Ask what the book says of the role; `watching`: this console is a monitor and no seat takes calls here."""
        self._actor = actor
        self._watching = watching
        self._book = book
        self._refused = {
            "": None,
            "calls": Blocked((), message("monitor.no_seat")) if watching else takes_no_calls(actor, book),
            "orders": sees_no_orders(actor, book),
            "callbacks": self._no_callbacks(),
            "supervision": self._no_supervision(),
            "lists": self._no_lists(),
            "leads": self._no_lead(),
        }

    def refused(self, action: Action) -> Blocked | None:
        """Why an action is not theirs, by which clause; None where it is."""
        need: Need = action.needs
        return self._refused[need]

    @property
    def takes_calls(self) -> bool:
        """Whether calls are taken here; the seat of others shows none, and none rings."""
        return self._refused["calls"] is None

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Actions of the seat they are offered."""
        return tuple(action for action in ACTIONS if self.refused(action) is None)

    @cached_property
    def order_actions(self) -> tuple[Action, ...]:
        """Actions of the order's screen they are offered."""
        return tuple(action for action in ORDER_ACTIONS if self.refused(action) is None)

    @property
    def opens_monitor(self) -> bool:
        """Whether this console is a monitor for somebody who leads the line: then that is its first screen."""
        return self._watching and self.home == "monitor"

    @property
    def home(self) -> str:
        """The action that opens what they work from; "" where that is the seat itself, the orders they see at least."""
        rule = self._book.roles.get(self._actor.role)
        wanted = "monitor" if self._watching else rule.home if rule is not None else ""
        if not wanted and self.takes_calls:
            return ""
        offered = {action.id for action in self.actions}
        return next((name for name in (wanted, "my_orders") if name in offered), "")

    @property
    def shown(self) -> str:
        """Who it is, for the header: unit, name and role; "" for an operator, whom the seat's number names."""
        actor = self._actor
        if actor.role == OPERATOR and not actor.unit:
            return ""
        rule = self._book.roles.get(actor.role)
        who = " ".join(filter(None, (actor.unit, actor.name)))
        key = "header.who_declared" if actor.self_declared else "header.who"
        return say(key, who=who, role=rule.name if rule is not None else actor.role)

    def _no_lead(self) -> Blocked | None:
        leading = [role for role, rule in self._book.roles.items() if rule.leads]
        if self._actor.role in leading:
            return None
        told = message("monitor.not_yours", role=self._actor.role, roles="、".join(leading))
        return Blocked((), told)

    def _no_callbacks(self) -> Blocked | None:
        if self._book.life.callback is None:
            return Blocked((), message("life.no_callback", book=self._book.short_title))
        return sees_no_orders(self._actor, self._book)

    def _no_supervision(self) -> Blocked | None:
        life = self._book.life
        if life.supervision is None and SUPERVISED not in life.flags:
            return Blocked((), message("ledger.unknown", book=self._book.short_title))
        return sees_no_orders(self._actor, self._book)

    def _no_lists(self) -> Blocked | None:
        lists = [rule for rule in self._book.lists.lists.values() if rule.of == "orders"]
        if not lists:
            return Blocked((), message("watch.unknown", book=self._book.short_title))
        if any(not rule.roles or self._actor.role in rule.roles for rule in lists):
            return None
        clauses = tuple(dict.fromkeys(rule.clause for rule in lists if rule.clause))
        return Blocked(clauses, message("watch.not_yours", role=self._actor.role))
