"""What the seat's screen shows of its line: the link, the clock, what came in; nothing here takes the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import Instant
from agent_console.domain.oversight.lead_messages import MessageSent
from agent_console.store.drafts import Draft
from agent_console.store.messages import KeptMessage
from agent_console.sync.wire import SeatNow
from agent_console.texts import say
from screens.timing import day_and_time, until
from screens.widgets.header import Standing

if TYPE_CHECKING:
    from agent_console.domain.rule_book import RuleBook
    from agent_console.sync.line import LineStatus
    from knowledge.screening.model import Screening
    from screens.seat_view import SeatView

_SIGN_IN = "link.sign_in"


class Counts(msgspec.Struct, frozen=True):
    """What the header counts, and messages nobody has read here."""

    unsent: int
    oldest: Instant | None
    tray: int
    messages: tuple[KeptMessage, ...]


def counts(opened: OpenDesk) -> Counts:
    """On the desk's thread: read them; what is shown counts as read."""
    outbox, messages = opened.store.outbox, opened.store.messages
    unread = tuple(messages.unread())
    for message in unread:
        messages.read(message.seq)
    return Counts(outbox.unsent_count(), outbox.oldest(), outbox.in_tray(), unread)


def with_line(standing: Standing, status: LineStatus) -> Standing:
    """The header's standing with what the line says."""
    link = status.link
    if link == "up" and status.trouble is not None and status.trouble.key == _SIGN_IN:
        link = "sign_in"
    return msgspec.structs.replace(
        standing,
        link=link,
        cut_off_since=status.cut_off_since,
        fresh_at=status.fresh_at,
        notice=_notice(status),
    )


def _notice(status: LineStatus) -> str:
    if status.outdated:
        return say("header.outdated")
    if status.reading is not None:
        place, last = status.reading
        return say("header.reading", place=place, last=last)
    if status.clock_is_off and status.offset is not None:
        way = say("sync.clock_slow" if status.offset > 0 else "sync.clock_fast")
        return say("header.clock_off", way=way, span=until(0, abs(status.offset)))
    return ""


def with_freshness(title: str, status: LineStatus | None, now: Instant) -> str:
    """What stands above a list, and up to when it knows what the server knows; a seat without one knows all there is.

    now: by the clock the screen shows.
    """
    if status is None or status.link == "alone":
        return title
    if status.fresh_at is None:
        return say("list.never_fresh", title=title)
    return say("list.fresh", title=title, time=day_and_time(status.fresh_at + (status.offset or 0), now))


def message_text(message: KeptMessage, now: Instant) -> str:
    """A message of a lead; "" where a newer program wrote it."""
    try:
        told = msgspec.json.decode(message.body, type=MessageSent)
    except msgspec.DecodeError:
        return ""
    return say("line.message", time=day_and_time(message.recorded_at, now), text=told.text)


def seat_now(
    seat_number: str, view: SeatView, book: RuleBook, draft: Draft | None, screening: Screening | None, offset: Instant
) -> SeatNow:
    """What a monitor is told of this seat, by the server's clock: nothing of who calls or what is said.

    draft: what was saved last of the call in hand, `offset` before the server's clock. Device and what is unsent are
    left to the line.
    """
    from agent_console.desk.calls.proposals import propose_kind
    from agent_console.desk.monitor.seat_wall import colour_of

    note = draft.fields.get("note", "").strip() if draft is not None else ""
    return SeatNow(
        device="",
        seat=seat_number,
        operator=view.seat.operator,
        state=view.seat.activity,
        reason=view.seat.reason,
        since=view.seat.since,
        call_kind=propose_kind(note, book) if note else "",
        colour=colour_of(screening) if screening is not None else "",
        fresh_at=max(view.seat.since, draft.saved_at + offset if draft is not None else 0),
        parked=len(view.parked),
        oldest_parked=view.oldest_parked,
    )
