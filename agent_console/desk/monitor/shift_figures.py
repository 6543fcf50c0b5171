"""Figures of the shift: this hour so far beside the same part of the hour on other days, and today as a whole.

Nobody is ranked. A person reads their own pace beside the median of all who worked today.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import time
from statistics import median
from typing import NamedTuple

import msgspec

from agent_console.desk.listing import sight
from agent_console.desk.opening import OpenDesk
from agent_console.desk.records import DAY
from agent_console.domain.instants import HOUR, SECOND, Instant, at, local, local_date
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.projections.sights import within

OTHER_DAYS = 7
"""Days before today whose same hour is compared; those without a call do not count."""
_CHANGES = 2000
"""Changes of one seat that are looked at: more than eight days of them."""


class Rate(NamedTuple):
    """So many of so many."""

    counted: int
    of: int

    @property
    def percent(self) -> float | None:
        """In percent, one decimal; None where there is nothing to divide by."""
        return round(100 * self.counted / self.of, 1) if self.of else None


class Figures(msgspec.Struct, frozen=True):
    """What happened from `start` until before `end`.

    taken: calls answered; invalid: those without a matter; outcomes: matters by how they ended; refused: by clause;
    direct: matters answered on the spot, of all that ended. handling, wrap_up: seconds, the median, None where no call
    has ended. in_standard: calls answered within the centre's standard, of those of which it is known when they rang.
    orders: raised, by kind. satisfied: of orders completed then that were judged.
    """

    start: Instant
    end: Instant
    taken: int
    invalid: int
    outcomes: dict[str, int]
    refused: dict[str, int]
    direct: Rate
    handling: float | None
    wrap_up: float | None
    in_standard: Rate
    orders: dict[str, int]
    satisfied: Rate


class Pace(msgspec.Struct, frozen=True):
    """Work of today, one's own or the median of all: calls, seconds of handling and wrap-up, percent answered."""

    calls: float
    handling: float | None
    wrap_up: float | None
    direct: float | None


class ShiftFigures(msgspec.Struct, frozen=True):
    """The hour so far, the same part of the hour on other days, and today; own pace beside that of all.

    seconds, percent: the centre's standard. people: how many worked today.
    """

    hour: Figures
    others: tuple[Figures, ...]
    today: Figures
    own: Pace | None
    team: Pace | None
    people: int
    seconds: int
    percent: int

    def usual(self, told: Callable[[Figures], float | None]) -> float | None:
        """The mean of a figure over the other days that had calls."""
        known = [value for figures in self.others if (value := told(figures)) is not None]
        return round(sum(known) / len(known), 1) if known else None


class _Call(NamedTuple):
    stream: str
    operator: str
    taken_at: Instant
    ended_at: Instant
    rang_at: Instant
    status: str


class _Matter(NamedTuple):
    agent: str
    outcome: str
    clause: str


def figures(opened: OpenDesk, settings: Settings) -> ShiftFigures:
    """The figures as of now."""
    now = opened.desk.clock.now()
    moment = local(now)
    hour = at(moment.date(), time(moment.hour))
    began = at(local_date(now), time())
    wraps = _wrap_ups(opened)
    spans = [(hour - ago * DAY, now - ago * DAY) for ago in range(1, OTHER_DAYS + 1)]
    others = (_of(opened, settings, wraps, *span) for span in spans)
    team = _paces(opened, wraps, began, now + 1)
    return ShiftFigures(
        hour=_of(opened, settings, wraps, hour, now + 1),
        others=tuple(one for one in others if one.taken),
        today=_of(opened, settings, wraps, began, now + 1),
        own=team.get(opened.desk.actor.name),
        team=_median_of(team.values()),
        people=len(team),
        seconds=settings.answer_seconds,
        percent=settings.answer_percent,
    )


def _of(opened: OpenDesk, settings: Settings, wraps: list[_Wrap], start: Instant, end: Instant) -> Figures:
    calls, matters = _calls(opened, start, end), _matters(opened, start, end)
    ended = [matter for matter in matters if matter.outcome]
    waited = [call.taken_at - call.rang_at for call in calls if call.rang_at]
    quick = sum(one <= settings.answer_seconds * SECOND for one in waited)
    return Figures(
        start=start,
        end=end,
        taken=len(calls),
        invalid=sum(call.status == "invalid" for call in calls),
        outcomes=dict(Counter(matter.outcome for matter in ended)),
        refused=dict(Counter(matter.clause for matter in ended if matter.outcome == "refused")),
        direct=_direct(ended),
        handling=_median(_handling(calls)),
        wrap_up=_median(wrap.seconds for wrap in wraps if start <= wrap.at < end),
        in_standard=Rate(quick, len(waited)),
        orders=_orders(opened, start, end),
        satisfied=_satisfied(opened, start, end),
    )


def _direct(ended: list[_Matter]) -> Rate:
    valid = [matter for matter in ended if matter.outcome != "invalid"]
    return Rate(sum(matter.outcome == "answered" for matter in valid), len(valid))


def _handling(calls: Iterable[_Call]) -> Iterable[float]:
    return ((call.ended_at - call.taken_at) / SECOND for call in calls if call.ended_at)


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(median(known), 1) if known else None


def _calls(opened: OpenDesk, start: Instant, end: Instant) -> list[_Call]:
    ended = "max(CASE WHEN event.type = 'call.ended' THEN event.occurred_at END)"
    rang = "max(CASE WHEN event.type = 'call.taken' THEN json_extract(event.body, '$.rang_at') END)"
    # CROSS keeps SQLite from going through every event there is to find those of a few calls.
    sql = (
        f"SELECT call.stream, call.operator, call.taken_at, coalesce({ended}, 0), coalesce({rang}, 0), call.status"
        " FROM call CROSS JOIN event ON event.stream = call.stream"
        " WHERE call.taken_at >= ? AND call.taken_at < ? GROUP BY call.stream"
    )
    return [_Call(*row) for row in rows(opened.store.connection, sql, (start, end))]


def _matters(opened: OpenDesk, start: Instant, end: Instant) -> list[_Matter]:
    days = (local_date(start).isoformat(), local_date(end).isoformat())
    sql = (
        "SELECT agent, outcome, refusal FROM call_figure WHERE day BETWEEN ? AND ? AND source = ''"
        " AND taken_at >= ? AND taken_at < ?"
    )
    return [_Matter(*row) for row in rows(opened.store.connection, sql, (*days, start, end))]


def _orders(opened: OpenDesk, start: Instant, end: Instant) -> dict[str, int]:
    shown, told = within(sight(opened.desk))
    sql = (
        "SELECT kind, count(*) FROM order_figure WHERE rule_book IN ('', ?) AND raised_at >= ? AND raised_at < ?"
        f" AND status != 'voided' AND ({shown}) GROUP BY kind ORDER BY 2 DESC, kind"
    )
    return dict(rows(opened.store.connection, sql, (opened.desk.rule_book.code, start, end, *told)))


def _satisfied(opened: OpenDesk, start: Instant, end: Instant) -> Rate:
    shown, told = within(sight(opened.desk))
    sql = (
        "SELECT coalesce(sum(satisfaction = 'satisfied'), 0), coalesce(sum(satisfaction != ''), 0) FROM order_figure"
        f" WHERE rule_book IN ('', ?) AND completed_at > 0 AND completed_at >= ? AND completed_at < ? AND ({shown})"
    )
    return Rate(*rows(opened.store.connection, sql, (opened.desk.rule_book.code, start, end, *told))[0])


# wrap-up and pace


class _Wrap(NamedTuple):
    operator: str
    at: Instant
    seconds: float


def _wrap_ups(opened: OpenDesk) -> list[_Wrap]:
    """Every wrap-up of late that is over: whose, when it began, how long it took."""
    found = []
    sql = (
        "SELECT actor, occurred_at, json_extract(body, '$.activity') FROM event WHERE stream = ? ORDER BY version DESC"
        " LIMIT ?"
    )
    for (stream,) in rows(opened.store.connection, "SELECT stream FROM seat"):
        after: Instant = 0
        for operator, began, activity in rows(opened.store.connection, sql, (stream, _CHANGES)):
            if activity == "wrap_up" and after:
                found.append(_Wrap(operator, began, (after - began) / SECOND))
            after = began
    return [wrap for wrap in found if wrap.seconds * SECOND < HOUR]


def _paces(opened: OpenDesk, wraps: list[_Wrap], start: Instant, end: Instant) -> dict[str, Pace]:
    calls, matters = defaultdict[str, list[_Call]](list), defaultdict[str, list[_Matter]](list)
    for call in _calls(opened, start, end):
        calls[call.operator].append(call)
    for matter in _matters(opened, start, end):
        if matter.outcome:
            matters[matter.agent].append(matter)
    return {
        name: Pace(
            calls=len(own),
            handling=_median(_handling(own)),
            wrap_up=_median(wrap.seconds for wrap in wraps if wrap.operator == name and start <= wrap.at < end),
            direct=_direct(matters[name]).percent,
        )
        for name, own in calls.items()
    }


def _median_of(paces: Iterable[Pace]) -> Pace | None:
    known = list(paces)
    if not known:
        return None

    def middle(told: Callable[[Pace], float | None]) -> float | None:
        return _median(value for pace in known if (value := told(pace)) is not None)

    return Pace(
        calls=middle(lambda pace: pace.calls) or 0,
        handling=middle(lambda pace: pace.handling),
        wrap_up=middle(lambda pace: pace.wrap_up),
        direct=middle(lambda pace: pace.direct),
    )
