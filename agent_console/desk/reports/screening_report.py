"""Where people and the screening differ: what was proposed first, what the operator took, how often, in which calls."""

from __future__ import annotations

from collections import Counter

import msgspec

from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports.figures import Period
from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.domain.confidentiality.sight import no_such_person
from agent_console.domain.decisions import Blocked

_CALLS = 10


class Difference(msgspec.Struct, frozen=True):
    """A class that was proposed first and another that was taken: how often, of how many, the newest calls."""

    proposed: str
    taken: str
    count: int
    of: int
    calls: tuple[str, ...]


class Comparison(msgspec.Struct, frozen=True):
    """All matters of a period that had a proposal and came to a class.

    agreed: the first proposal was taken; named: what was taken was among the proposals. differences: the most
    frequent first. agent: whose calls were looked at, "" for everybody's.
    """

    period: Period
    total: int
    agreed: int
    named: int
    differences: tuple[Difference, ...]
    agent: str = ""


def refused(opened: OpenDesk) -> Blocked | None:
    """Why this person does not read the comparison; None where nothing stands against it."""
    return no_such_person(opened.desk.context())


def compare(opened: OpenDesk, period: Period) -> Comparison:
    """The comparison over a period: of one's own calls, of everybody's where the role reads figures."""
    desk = opened.desk
    role = desk.rule_book.roles.get(desk.actor.role, RoleRule(""))
    agent = "" if role.figures else desk.actor.name
    matters = opened.records.screened(period.first.isoformat(), period.last.isoformat(), agent)
    firsts, pairs, calls, named = Counter[str](), Counter[tuple[str, str]](), dict[tuple[str, str], list[str]](), 0
    for call, proposed, taken in matters:
        classes = proposed.split()
        firsts[classes[0]] += 1
        named += taken in classes
        if taken != classes[0]:
            pairs[classes[0], taken] += 1
            calls.setdefault((classes[0], taken), []).append(call)
    differences = (
        Difference(proposed, taken, count, firsts[proposed], tuple(dict.fromkeys(calls[proposed, taken]))[:_CALLS])
        for (proposed, taken), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    )
    return Comparison(period, len(matters), len(matters) - sum(pairs.values()), named, tuple(differences), agent)
