"""Questions of the lists people work from to the open columns: what presses most, who is to be called back.

Nothing is opened here; each answer gives streams, as far as a person's sight reaches among what is not put away.
"""

from __future__ import annotations

from sqlite3 import Connection

import msgspec

from agent_console.domain.confidentiality.sight import IN_WORK, Sight
from agent_console.domain.work_order.order_endings import SUPERVISION
from agent_console.domain.work_order.order_life_facts import SUPERVISED
from agent_console.store.connection import rows
from agent_console.store.projections.figures import DISSATISFIED, IS_RUNNING, NEXT_END
from agent_console.store.projections.sights import Condition, within

_IS_LIVE = f"({IS_RUNNING} OR status = 'completed')"
_IS_SUPERVISED = (
    "stream IN (SELECT stream FROM order_flag WHERE flag = ? UNION SELECT stream FROM entry WHERE record = ?)"
)


class Finished(msgspec.Struct, frozen=True, array_like=True):
    """An order that was handled and of which nobody is known to have been reached."""

    stream: str
    is_dissatisfied: bool


class WorkBoard:
    """The work of one seat's file."""

    def __init__(self, connection: Connection) -> None:
        """Ask this file."""
        self._connection = connection

    def pressing(self, sight: Sight, limit: int) -> list[str]:
        """Orders that run, the urgent first and then those due next, before those that wait to be put away."""
        order = f"{IS_RUNNING} DESC, {IS_RUNNING} AND urgent = 1 DESC, {NEXT_END}, raised_at DESC"
        return self._streams(_IS_LIVE, (), sight, order, limit)

    def supervised(self, sight: Sight, limit: int) -> list[str]:
        """Orders that are supervised or were, those that are first, newest first."""
        order = f"flags LIKE '%、{SUPERVISED}、%' DESC, raised_at DESC"
        return self._streams(f"{_IS_LIVE} AND {_IS_SUPERVISED}", (SUPERVISED, SUPERVISION), sight, order, limit)

    def live(self, sight: Sight) -> list[str]:
        """Orders that run or wait to be put away."""
        return self._streams(_IS_LIVE, (), sight, "raised_at DESC", -1)

    def not_reached(self, sight: Sight, lead: str = "") -> list[Finished]:
        """Orders that were handled, newest first, except those whose citizen was reached and that were not redone.

        lead: only those this unit led.
        """
        shown, more = _seen(sight)
        where = f"status = 'completed' AND (reached = 0 OR redos > 0) AND ? IN ('', lead) AND ({shown})"
        sql = f"SELECT stream, rating = ? FROM order_figure WHERE {where} ORDER BY raised_at DESC"
        return [Finished(stream, bool(is_)) for stream, is_ in rows(self._connection, sql, (DISSATISFIED, lead, *more))]

    def _streams(self, where: str, told: tuple[object, ...], sight: Sight, order: str, limit: int) -> list[str]:
        shown, more = _seen(sight)
        sql = f"SELECT stream FROM order_figure WHERE {where} AND ({shown}) ORDER BY {order} LIMIT ?"
        return [stream for (stream,) in rows(self._connection, sql, (*told, *more, limit))]


def _seen(sight: Sight) -> Condition:
    """What is not put away of what the sight reaches: a unit's own in the archive need not be looked through."""
    return within(msgspec.structs.replace(sight, filed=IN_WORK))
