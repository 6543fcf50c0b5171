"""Hot events at the desk: pinning them, finding those a note tells of, answering a matter from one."""

from __future__ import annotations

import msgspec

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Refusing, Telling
from agent_console.desk.desk import Desk, call_stream, new_id
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Outcome
from agent_console.domain.messages import message
from agent_console.domain.oversight import hot_events
from agent_console.domain.oversight.hot_events import (
    AnswerFromEvent,
    ChangeEvent,
    HotAnswered,
    HotEvent,
    HotWords,
    PinEvent,
    UnpinEvent,
    tells_of,
)
from agent_console.domain.work_order.orders import RUNNING, Order
from agent_console.store.projections.monitor import HOT, HOT_EVENTS

MOST = 100
_CALLERS = 200
_AS_REPEAT = "in_progress_or_duplicate"


def pin(desk: Desk, words: HotWords) -> tuple[Decision, str]:
    """Pin an event; the decision and its id."""
    event = new_id()
    return _step(desk, event, PinEvent(event, words)), event


def change(desk: Desk, event: str, words: HotWords) -> Decision:
    """Change what is told or how it is recognised."""
    return _step(desk, event, ChangeEvent(words))


def unpin(desk: Desk, event: str) -> Decision:
    """It is over."""
    return _step(desk, event, UnpinEvent())


def _step(desk: Desk, event: str, command: hot_events.Command) -> Decision:
    with desk.transaction():
        return _within(desk, event, command)


def _within(desk: Desk, event: str, command: hot_events.Command) -> Decision:
    return desk.step(f"{HOT}{event}", HotEvent(), hot_events.evolve, hot_events.decide, command)


def pinned(opened: OpenDesk) -> list[HotEvent]:
    """Events that calls are answered from under the desk's rule book, the newest first."""
    where = "rule_book = ? AND pinned = 1"
    book = opened.desk.rule_book.code
    return HOT_EVENTS.states(opened.store.connection, where, (book,), "pinned_at DESC", MOST)


def told_of(opened: OpenDesk, note: str) -> HotEvent | None:
    """The pinned event that a note tells of: by its words, or by the same place and trouble in other words."""
    events = pinned(opened) if note.strip() else []
    plain = next((event for event in events if tells_of(event.words, note)), None)
    if plain is not None or not events:
        return plain
    # Late: the first frame does not wait for the patterns.
    from knowledge.same_matter import same_trouble, traits

    told = traits(note)
    for event in events:
        meant = traits(f"{event.words.title}，{'，'.join(event.words.topics)}", *event.words.places)
        if meant.places & told.places and same_trouble(meant, told):
            return event
    return None


def answer(opened: OpenDesk, event_id: str, call: Call, matter: str, telling: Telling) -> Decision:
    """Answer a matter from an event and count it there; one step, all of it or nothing.

    Where the event has a master order that still runs, the caller joins it as a repeat instead.
    """
    desk = opened.desk
    event = HOT_EVENTS.state(opened.store.connection, f"{HOT}{event_id}") or HotEvent()
    outcome = _outcome(desk, event)
    words = telling.words or event.words.answer
    told = msgspec.structs.replace(telling, words=words, chosen=_AS_REPEAT if _joins(outcome) else "accept")
    counting = AnswerFromEvent(call.id, matter, confidential=call.confidential)
    try:
        with desk.transaction():
            decision = _within(desk, event_id, counting)
            if isinstance(decision, Done):
                decision = intake.conclude_within(desk, call.id, matter, outcome, told)
            if not isinstance(decision, Done):
                raise Refusing(decision)
    except Refusing as refused:
        return refused.decision
    return decision


def _joins(outcome: Outcome) -> bool:
    return isinstance(outcome, FollowedUp)


def _outcome(desk: Desk, event: HotEvent) -> Outcome:
    order = desk.order(event.words.order) if event.words.order else Order()
    if order.status in RUNNING and not order.withheld:
        return FollowedUp(order.number, order.id)
    return Answered(hot=event.id, version=event.version)


def callers(opened: OpenDesk, event_id: str) -> list[Call]:
    """Calls that were answered from an event, the last first; those erased or confidential since are left out."""
    told = [event.fact for event in opened.store.log.load(f"{HOT}{event_id}")]
    streams = dict.fromkeys(call_stream(fact.call) for fact in reversed(told) if isinstance(fact, HotAnswered))
    return opened.records.calls_of(tuple(streams)[:_CALLERS])


def words_of(order: Order) -> HotWords:
    """An event as an order suggests it: its place and title, with the order as the master."""
    details = order.details
    places = tuple(dict.fromkeys(place for place in (details.community, details.point, details.street) if place))
    topics = (details.concerns,) if details.concerns else ()
    return HotWords(details.title, "", places, topics, order.id, order.number)


def with_order(opened: OpenDesk, words: HotWords, number: str) -> HotWords | Blocked:
    """The same words with the master order of that number, "" for none. Raises UnknownName, BadInput."""
    if not number.strip():
        return msgspec.structs.replace(words, order="", number="")
    order = opened.records.order(number)
    if order.withheld or order.details.confidential:
        return Blocked((), message("hot.confidential"))
    return msgspec.structs.replace(words, order=order.id, number=order.number)
