"""What stands below the open list: the rule for the marked order, the answer of the marked event."""

from __future__ import annotations

from agent_console.desk.opening import OpenDesk
from agent_console.domain.oversight.hot_events import HotEvent
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.texts import say
from screens.monitor.reading import rule_of
from screens.monitor.ruling import ruling


def detail_of(opened: OpenDesk, name: str, order: str) -> str:
    """The rule that governs what can be decided of the order on this list."""
    found = rule_of(opened, name, order)
    return "\n".join((say("decide.about", name=found.offer.name), *ruling(found))) if found is not None else ""


def hot_detail(event: HotEvent) -> str:
    """What is told about it and how it is recognised."""
    words, none = event.words, say("hot.master_none")
    return say(
        "hot.detail",
        answer=words.answer,
        places=say("sign.list").join(words.places) or none,
        topics=say("sign.list").join(words.topics) or none,
        number=grouped(words.number) if words.number else none,
    )
