"""Supervising orders: which of them wait for it."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.listing import sight, visible
from agent_console.desk.records import DAY, Records
from agent_console.desk.reports.figures import bring_up_to_date
from agent_console.domain.work_order.supervision_queue import Candidate, Signs, triggers

SHOWN = 500
"""Orders that are opened at most, those with most triggers first."""


def queue(desk: Desk, records: Records) -> list[Candidate]:
    """Orders under the desk's rule book that are to be supervised and are not yet, at most `SHOWN`.

    They are told from the open columns; only those that are shown are opened.
    """
    rule = desk.rule_book.life.supervision
    if rule is None:
        return []
    bring_up_to_date(desk)
    now = desk.clock.now()
    found: dict[str, tuple[str, ...]] = {}
    lately = now - rule.concentrated_days * DAY
    for stream, kind, alike, *signs in records.lists.to_supervise(desk.rule_book.code, now, lately):
        if because := triggers(Signs(kind, alike, *map(bool, signs)), rule):
            found[stream] = because
    seen = sight(desk)
    if not seen.everything or seen.hiding:
        found = {stream: found[stream] for stream in records.work.live(seen) if stream in found}
    first = sorted(found, key=lambda stream: -len(found[stream]))[:SHOWN]
    return [Candidate(order, found[f"order:{order.id}"]) for order in visible(desk, records.orders_of(first))]
