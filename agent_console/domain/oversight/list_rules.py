"""Lists by which units and people are supervised, as values of a rule book.

`data/jurisdictions/<code>/lists.toml` holds them, with what can be written down at the line beside any order. What a
book does not name does not exist there.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.domain.work_order.order_rules import FieldRule

Sort = Literal["orders", "entries", "units", "agents", "absent"]

Part = Literal["lead", "supporting", "fallback"]

Selection = Literal[
    "open",
    "due_today",
    "overdue",
    "unsigned",
    "return_waiting",
    "dissatisfied",
    "dissatisfied_again",
    "supervised",
]
"""What has to hold of an order now.

open: somebody still has to handle it. due_today, overdue: its handling limit ends today, has ended. unsigned: it lies
in the inbox of a unit. return_waiting: the unit sent it back or asks to, by a return or by a record of `requests`,
and the line has to decide. dissatisfied: the caller's last word on the result. dissatisfied_again: the same, after a
redo or after it was put under supervision. supervised: it is under supervision.
"""

Measure = Literal[
    "overdue",
    "unsigned",
    "complaints",
    "satisfaction",
    "marks",
    "unrectified",
    "calls_unfinished",
    "dispatch_late",
    "dispatch_at_once",
]
"""What is counted of a unit or an agent.

overdue: orders of the period that ran or run beyond their handling limit. unsigned: orders in the inbox now.
complaints: orders of the period of the kinds `complaints` names. satisfaction: ratings of the period, satisfied of all.
marks: records named in `records` with the values of `values`. unrectified: tasks to put something right that nobody
answered. calls_unfinished: calls that ended, or were put aside, without an outcome. dispatch_late: orders the line
still has beyond its own limit. dispatch_at_once: orders it still has that have to go at once, which is no limit (C9).
"""


class ListRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list: what a line of it is, what puts it there, and who may see it.

    of: orders; entries, which are records written into orders or at the line; units or agents with their measures;
    absent: units that did not log in on a working day. selects: all of them have to hold of an order. requests:
    records by which a unit asks to be rid of an order. parts: the parts a unit can have in an order, by which the
    list can be narrowed. records: those that count, each with what it says of a field it does not have. values: what
    a field of them has to say. by: the fields that entries are counted by; empty: each entry stands for itself.
    measures: columns of a unit or an agent, the first sorts. complaints: kinds of orders that are complaints. tasks:
    records that are tasks, each with the record that answers it.
    """

    name: str
    clause: str
    of: Sort
    roles: tuple[str, ...] = ()
    selects: tuple[Selection, ...] = ()
    requests: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    parts_clause: str = ""
    records: dict[str, dict[str, str]] = {}
    values: dict[str, tuple[str, ...]] = {}
    by: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    complaints: tuple[str, ...] = ()
    tasks: dict[str, str] = {}
    basis: str = "letter"


class LineRecordRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something written down at the line that belongs to no order; about the unit in its field `unit`, if any."""

    name: str
    clause: str
    requires: tuple[FieldRule, ...] = ()
    roles: tuple[str, ...] = ()
    basis: str = "letter"


class ListRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `lists.toml`, that of the parent book included where this one is silent."""

    lists: dict[str, ListRule] = {}
    records: dict[str, LineRecordRule] = {}
    inherited: tuple[str, ...] = ()

    @property
    def attendance(self) -> ListRule | None:
        """The list of units that did not log in, where the book has one."""
        return next((rule for rule in self.lists.values() if rule.of == "absent"), None)
