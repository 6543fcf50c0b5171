"""What a decision rests on beside the state and the command."""

from __future__ import annotations

import msgspec

from agent_console.domain.instants import Instant
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.units.directory import Directory


class Context(msgspec.Struct, frozen=True):
    """Rule book, calendar, the instant now (UTC microseconds), who acts, and the units there are."""

    rule_book: RuleBook
    calendar: Calendar
    now: Instant
    actor: Actor
    directory: Directory = Directory()
