"""A believable day at a made-up seat, played through the desk like any other day."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Literal

import msgspec

from agent_console.desk import handling, intake, shift
from agent_console.desk.desk import Desk, call_stream
from agent_console.desk.intake import Telling
from agent_console.desk.opening import open_desk
from agent_console.desk.whole_call import of_call
from agent_console.domain.calls import DescribeCaller
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.instants import HOUR, MINUTE, Instant
from agent_console.domain.orders import OrderDetails
from agent_console.domain.outcomes import Answered, FollowedUp, Interrupted, Outcome, Refused, Transferred
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.paths import data_folder, read_toml
from agent_console.resources.rule_books import house
from agent_console.settings import Settings
from agent_console.store.drafts import Draft

_SEED = 12345
_DAY = 24 * HOUR
_SHIFT = 6 * HOUR
_SAMPLE = "示例"
_EXTENSION_DAYS = 3

OutcomeName = Literal["answered", "refused", "transferred", "followed_up", "interrupted", "invalid", "order", "parked"]


class DemoMatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"screening_class": "class"}):
    """One matter of the play, and the steps its order goes through."""

    outcome: OutcomeName
    note: str = ""
    words: str = ""
    article: str = ""
    screening_class: str = ""
    route: str = ""
    target: str = ""
    way: str = ""
    reason: str = ""
    follows: str = ""
    label: str = ""
    kinds: tuple[str, ...] = ()
    title: str = ""
    content: str = ""
    wish: str = ""
    street: str = ""
    point: str = ""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    urgency: str = "normal"
    steps: tuple[str, ...] = ()


class DemoCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call of the play: when, how long, about what."""

    ago: int
    matters: tuple[DemoMatter, ...]
    days: int = 0
    lasts: int = 3


class DemoPlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole play, as it stands in `data/demo.toml`."""

    names: tuple[str, ...]
    district: str
    call: tuple[DemoCall, ...]


class DemoDay(msgspec.Struct, frozen=True):
    """What came of it."""

    calls: int
    orders: int
    statuses: dict[str, int]


class MovedClock:
    """A clock the play moves."""

    is_test = True

    def __init__(self, instant: Instant) -> None:
        """Stand at `instant`."""
        self.instant = instant

    def now(self) -> Instant:
        """The instant it was moved to."""
        return self.instant


def build_day(home: Path, settings: Settings, now: Instant) -> DemoDay:
    """Play the day that ends at `now` into the seat's file of `home`."""
    play = read_toml(data_folder("demo.toml"), DemoPlay)
    clock = MovedClock(now)
    opened = open_desk(home, settings, clock)
    try:
        _Stage(opened.desk, clock, play).run(now)
        orders = opened.records.orders(len(play.call))
        statuses = [order.status for order in orders]
        counts = {status: statuses.count(status) for status in dict.fromkeys(statuses)}
        return DemoDay(len(opened.records.calls(len(play.call))), len(orders), counts)
    finally:
        opened.close()


class _Stage:
    """Plays calls and steps in the order of time."""

    def __init__(self, desk: Desk, clock: MovedClock, play: DemoPlay) -> None:
        self._desk = desk
        self._clock = clock
        self._play = play
        self._chance = Random(_SEED)
        self._agenda: list[tuple[Instant, int, Callable[[], None]]] = []
        self._numbers: dict[str, str] = {}

    def run(self, now: Instant) -> None:
        self._at(now - _SHIFT, lambda: self._sign_in())
        for call in self._play.call:
            self._at(now - call.days * _DAY - call.ago * MINUTE, lambda call=call: self._call(call))
        while self._agenda:
            instant, _, action = heapq.heappop(self._agenda)
            if instant < now:
                self._clock.instant = max(instant, self._clock.instant if self._agenda is None else instant)
                action()
