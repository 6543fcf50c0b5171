"""What a decision rests on, and what comes out of it, in few words."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.instants import iso, parse
from agent_console.domain.people import Actor
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book

from .clock import MONDAY

FIVE = ("fujian", "zhijiang", "binzhou", "hebi", "fuzhou")

OPERATOR = Actor("张三")
LEAD = Actor("李班长", "lead")
CENTRE = Actor("运营中心", "centre")
BUREAU = Actor("市长公开电话办公室", "bureau")
CITY_LEADER = Actor("市领导", "city_leader")
CLERK = Actor("王经办", "unit_clerk", "城市管理局")
STRANGER = Actor("赵经办", "unit_clerk", "水利局")


def context(jurisdiction: str, at: str = MONDAY, actor: Actor = OPERATOR) -> Context:
    """Rule book, calendar, a time and who acts."""
    return Context(load_book(jurisdiction), load_calendar(), parse(at), actor)


def facts(decision: Decision) -> tuple[msgspec.Struct, ...]:
    """What an allowed command led to."""
    assert isinstance(decision, Done), decision
    return decision.facts


def blocked(decision: Decision) -> tuple[tuple[str, ...], str]:
    """Clauses and key of the sentence of a command that a rule forbids."""
    assert isinstance(decision, Blocked), decision
    return decision.clauses, decision.message.key


def clock_of(instant: int | None) -> str:
    """A due time as one reads it."""
    return "" if instant is None else iso(instant)
