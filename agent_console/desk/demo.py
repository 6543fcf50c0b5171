"""A believable day at a made-up seat, played through the desk like any other day."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import msgspec

from agent_console.desk.calls import intake, shift
from agent_console.desk.calls.intake import Telling
from agent_console.desk.calls.whole_call import of_call
from agent_console.desk.demo_directory import fill_directory, transfer_tried
from agent_console.desk.demo_play import DemoCall, DemoMatter, DemoPlay, load_play
from agent_console.desk.desk import Desk, call_stream
from agent_console.desk.opening import open_desk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.instants import HOUR, MINUTE, Instant, local
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Outcome, Refused, Transferred
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import Refusal, RequiredField, Step
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.resources.rule_books import house
from agent_console.settings import Settings
from agent_console.store.drafts import Draft

_SEED = 12345
_DAY = 24 * HOUR
_SHIFT = 6 * HOUR
_EXTENSION_DAYS = 3
_SAMPLE = "示例"


class DemoDay(msgspec.Struct, frozen=True):
    """What came of it; `statuses` counts the orders."""

    calls: int
    orders: int
    statuses: dict[str, int]


class MovedClock:
    """A clock the play moves, never backwards."""

    is_test = True

    def __init__(self, instant: Instant) -> None:
        """Stand at `instant`."""
        self._instant = instant

    def now(self) -> Instant:
        """The instant it was moved to."""
        return self._instant

    def move_to(self, instant: Instant) -> None:
        """Move on, unless it is later already."""
        self._instant = max(self._instant, instant)


def build_day(home: Path, settings: Settings, now: Instant) -> DemoDay:
    """Play the day that ends at `now` into the seat's file of `home`."""
    play = load_play()
    clock = MovedClock(now - _SHIFT - _DAY * max(call.days for call in play.call))
    opened = open_desk(home, settings, clock)
    try:
        fill_directory(opened.desk)
        _Stage(opened.desk, clock, play, now).run()
        statuses = [order.status for order in opened.records.orders(len(play.call) * 2)]
        calls = len(opened.records.calls(len(play.call)))
    finally:
        opened.close()
    return DemoDay(calls, len(statuses), {status: statuses.count(status) for status in sorted(set(statuses))})


class _Stage:
    """Plays calls and steps in the order of time."""

    def __init__(self, desk: Desk, clock: MovedClock, play: DemoPlay, now: Instant) -> None:
        self._desk = desk
        self._clock = clock
        self._play = play
        self._now = now
        self._chance = Random(_SEED)
        self._agenda: list[tuple[Instant, int, Callable[[], None]]] = []
        self._order_numbers: dict[str, str] = {}

    def run(self) -> None:
        """Play everything that lies before now."""
        self._plan(self._now - _SHIFT, self._begin_shift)
        for call in self._play.call:
            self._plan(self._now - call.days * _DAY - call.ago * MINUTE, partial(self._call, call))
        while self._agenda:
            instant, _, action = heapq.heappop(self._agenda)
            self._clock.move_to(instant)
            action()

    def _plan(self, instant: Instant, action: Callable[[], None]) -> None:
        if instant < self._now:
            heapq.heappush(self._agenda, (instant, len(self._agenda), action))

    def _begin_shift(self) -> None:
        shift.sign_in(self._desk)

    def _call(self, call: DemoCall) -> None:
        number = f"1380000{self._chance.randrange(10_000):04d}"
        began = self._clock.now()
        _, call_id = intake.take_call(self._desk, number)
        intake.describe_caller(self._desk, call_id, self._caller(number))
        self._clock.move_to(began + call.lasts * MINUTE)
        for position, matter in enumerate(call.matters):
            if position:
                intake.next_matter(self._desk, call_id)
            self._matter(call_id, matter)
        if call.matters[-1].outcome not in ("invalid", "parked"):
            intake.close(self._desk, call_id)

    def _caller(self, number: str) -> DescribeCaller:
        types = self._desk.rule_book.caller_types
        return DescribeCaller(
            number=number,
            caller_name=self._chance.choice(self._play.names),
            caller_type=types[0].id if types else "",
        )

    def _matter(self, call_id: str, matter: DemoMatter) -> None:
        desk = self._desk
        match matter.outcome:
            case "invalid":
                intake.mark_invalid(desk, call_id, matter.reason, house().invalid_reasons)
            case "parked":
                fields = {"note": matter.note, "title": matter.title}
                intake.save_draft(desk, Draft(call_stream(call_id), fields, "note", opened_at=desk.clock.now()))
                intake.park(desk, call_id)
            case "order":
                self._order(call_id, matter)
            case _:
                outcome, open_matter = self._outcome(matter), desk.call(call_id).open_matter
                if open_matter is not None:
                    telling = Telling(matter.note, matter.words or matter.route)
                    intake.conclude(desk, call_id, open_matter.id, outcome, telling)

    def _outcome(self, matter: DemoMatter) -> Outcome:
        match matter.outcome:
            case "transferred":
                return Transferred(matter.target, matter.way or "transfer")
            case "followed_up":
                return FollowedUp(self._order_numbers[matter.follows])
            case "interrupted":
                return Interrupted()
            case "refused" if item := self._desk.rule_book.refusal_for(matter.screening_class):
                sample = next(iter(self._order_numbers.values()))
                return Refused(
                    item.clause,
                    matter.screening_class,
                    explained=True,
                    guided=True,
                    earlier_order=sample if "earlier_order" in item.needs else "",
                    reason=matter.route,
                    told=self._told(item, matter.route),
                )
            case _:
                return Answered(matter.article)

    def _told(self, item: Refusal, route: str) -> dict[str, str]:
        day = f"{local(self._clock.now()):%Y-%m-%d}"
        listed = {need: values[0] for need, values in item.values.items()}
        needs = (*item.needs, *self._desk.rule_book.refusing.told)
        return {need: day if need.endswith("_date") else listed.get(need, route) for need in needs}

    def _order(self, call_id: str, matter: DemoMatter) -> None:
        desk = self._desk
        call = desk.call(call_id)
        if call.open_matter is None:
            return
        raised = intake.raise_order(
            desk, call_id, call.open_matter.id, of_call(desk, self._details(matter), call), Telling(matter.note)
        )
        if isinstance(raised.decision, Done):
            self._order_numbers[matter.label] = raised.number
            self._plan_next(raised.order, matter.steps)

    def _details(self, matter: DemoMatter) -> OrderDetails:
        book = self._desk.rule_book
        kind = next((kind for kind in matter.kinds if book.kind(kind)), book.kinds[0].id)
        details = OrderDetails(
            kind=kind,
            title=matter.title,
            content=matter.content,
            wish=matter.wish,
            district=self._play.district,
            street=matter.street,
            point=matter.point,
            urgency=matter.urgency,
            lead=matter.lead,
            supporting=matter.supporting,
        )
        return transfer_tried(book, details)

    def _plan_next(self, order_id: str, steps: tuple[str, ...]) -> None:
        if steps:
            _, _, minutes = steps[0].partition("+")
            self._plan(self._clock.now() + int(minutes) * MINUTE, partial(self._step, order_id, steps))

    def _step(self, order_id: str, steps: tuple[str, ...]) -> None:
        name, _, _ = steps[0].partition("+")
        if isinstance(self._take(name, order_id), Done):
            self._plan_next(order_id, steps[1:])

    def _take(self, name: str, order_id: str) -> Decision:
        rules = self._desk.rule_book.steps
        clerk = self._as(Actor(_SAMPLE, "unit_clerk", self._desk.order(order_id).lead))
        take: dict[str, Callable[[], Decision]] = {
            "dispatch": lambda: handling.dispatch(self._desk, order_id),
            "sign": lambda: handling.sign(clerk, order_id, self._fields(rules["sign"])),
            "return": lambda: handling.return_(clerk, order_id, self._fields(rules["return"])),
            "refuse-return": lambda: handling.decide_return(
                self._decider(rules["return"]), order_id, granted=False, reason=_SAMPLE
            ),
            "extend": lambda: handling.extend(clerk, order_id, _EXTENSION_DAYS, self._fields(rules["extend"])),
            "grant-extension": lambda: handling.decide_extension(
                self._decider(rules["extend"]), order_id, granted=True, reason=_SAMPLE
            ),
            "complete": lambda: handling.complete(clerk, order_id, self._fields(rules["complete"])),
        }
        return take[name]()

    def _decider(self, step: Step) -> Desk:
        return self._as(Actor(_SAMPLE, step.decided_by[0] if step.decided_by else ""))

    def _as(self, actor: Actor) -> Desk:
        own = self._desk
        return Desk(own.store, own.rule_book, own.calendar, own.clock, actor, own.seat)

    def _fields(self, step: Step) -> dict[str, str]:
        now = f"{local(self._clock.now()):%Y-%m-%d %H:%M}"
        return {field.field: self._value(field, now) for field in step.requires}

    @staticmethod
    def _value(field: RequiredField, now: str) -> str:
        if field.values:
            return field.values[0]
        return now if field.field.endswith("_at") else _SAMPLE
