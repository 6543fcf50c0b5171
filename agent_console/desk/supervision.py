"""Supervising orders: which of them wait for it."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.listing import visible
from agent_console.desk.records import Records
from agent_console.domain.supervision_queue import Candidate, waiting

_MOST = 100_000


def queue(desk: Desk, records: Records) -> list[Candidate]:
    """Orders under the desk's rule book that are to be supervised and are not yet."""
    own = [order for order in visible(desk, records.orders(_MOST)) if order.rule_book in ("", desk.rule_book.code)]
    return waiting(own, desk.context())
