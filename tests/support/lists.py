"""Lists of supervision as a test asks for them."""

from __future__ import annotations

from agent_console.desk.leaving.shown import Row
from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports.lists import Listed, Narrowed, listed
from agent_console.desk.reports.periods import read_period
from agent_console.domain.decisions import Blocked


def the_list(opened: OpenDesk, name: str, unit: str = "", part: str = "", period: str = "") -> Listed:
    """A list that the actor may see."""
    found = _ask(opened, name, unit, part, period)
    assert isinstance(found, Listed), found
    return found


def numbers(opened: OpenDesk, name: str, unit: str = "", part: str = "") -> set[str]:
    """The orders on a list."""
    return {str(row["number"]) for row in the_list(opened, name, unit, part).rows}


def rows(opened: OpenDesk, name: str, period: str = "", unit: str = "") -> list[Row]:
    """The lines of a list."""
    return list(the_list(opened, name, unit, "", period).rows)


def kept_from(opened: OpenDesk, name: str, part: str = "") -> tuple[tuple[str, ...], str]:
    """Clauses and key of the sentence with which a list is refused."""
    found = _ask(opened, name, "", part, "")
    assert isinstance(found, Blocked), found
    return found.clauses, found.message.key


def _ask(opened: OpenDesk, name: str, unit: str, part: str, period: str) -> Listed | Blocked:
    return listed(opened, name, Narrowed(unit, part, read_period(period) if period else None))
