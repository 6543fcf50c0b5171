"""What a step asks for, as one line a person can read: `means=phone|letter note? done_on#date reached?=yes|no`.

`?` may be left out; `=` the values it may have; `#` what it has to look like; `~` what it says unless told otherwise;
`[a=b]` asked only where that field says so, `[!a=b]` not asked where it does; `@` the clause, where it has its own.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from agent_console.desk.desk import Desk
from agent_console.desk.orders.steps import Asked, offer_of


class Asks(msgspec.Struct, frozen=True):
    """A step or record of an order with these details and this flag, the clause it rests on, and its form.

    without: a clause that asks other orders for a field, and not this one.
    """

    clause: str
    step: str
    form: str
    details: dict[str, Any] = {}
    flag: str = ""
    without: str = ""


def by_clause(*rows: Asks) -> list[Any]:
    """The rows as parameters of a test, each marked with its clause and those of its fields."""
    return [
        pytest.param(row, marks=[pytest.mark.clause(clause) for clause in _clauses(row)], id=f"{row.step}-{number}")
        for number, row in enumerate(rows)
    ]


def _clauses(row: Asks) -> list[str]:
    own = [word.partition("@")[2] for word in row.form.split() if "@" in word]
    return [clause for clause in dict.fromkeys((row.clause, *own, row.without)) if clause]


def form_told(desk: Desk, order_id: str, row: Asks) -> str:
    """The form as it is offered now."""
    order = desk.order(order_id)
    return " ".join(_told(asked, row.clause) for asked in offer_of(row.step, order, desk.context_for(order)).fields)


def _told(asked: Asked, clause: str) -> str:
    values = "=" + "|".join(asked.values) if asked.values else ""
    where = "".join(f"[{field}={said}]" for field, said in asked.where.items())
    unless = "".join(f"[!{field}={said}]" for field, said in asked.unless.items())
    form = f"#{asked.form}" if asked.form else ""
    default = f"~{asked.default}" if asked.default else ""
    own = f"@{asked.clause}" if asked.clause not in ("", clause) else ""
    return f"{asked.field}{'' if asked.owed else '?'}{values}{default}{form}{where}{unless}{own}"
