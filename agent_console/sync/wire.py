"""What seat and server say to each other, protocol 1: see `docs/sync.md`. Instants are UTC microseconds.

Fields are only ever added, with a default; the names of commands and kinds never change their meaning.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.domain.instants import Instant

PROTOCOL = 1
OLDEST_PROTOCOL = 1
MOST_ENTRIES = 200
MOST_BYTES = 512 * 1024
"""What a seat sends at once; over a bad line small pieces arrive sooner."""

TAKEN_ENTRIES = 500
TAKEN_BYTES = 2 * 1024 * 1024
"""What a server takes at once."""

NOTE = "note"

Status = Literal["applied", "duplicate", "rejected", "conflict", "gap"]
RowKind = Literal["event", "outline", "forget", "erase", "message"]


class Step(msgspec.Struct, frozen=True, gc=False):
    """One command on one stream. base: events the stream had when the seat decided; events: ids of what followed."""

    stream: str
    base: int
    command: str
    body: msgspec.Raw
    events: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One transaction of a desk. n: running number of the device; at: by the seat's clock; offset: to the server's."""

    n: int
    id: str
    at: Instant
    steps: tuple[Step, ...]
    jurisdiction: str
    rule_book: str
    calendar: str
    seat: str
    actor: str
    role: str
    unit: str = ""
    offset: int | None = None


class Push(msgspec.Struct, frozen=True):
    """Entries of one device in order of n, at most `TAKEN_ENTRIES` and `TAKEN_BYTES`. now: the seat's clock.

    left: how many entries wait behind these, -1 where the seat does not say. After a push that leaves none, later
    entries cannot have happened before it.
    """

    device: str
    device_key: str
    epoch: str
    protocol: int
    now: Instant
    entries: tuple[Entry, ...]
    left: int = -1


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why a rule said no: key of a message, what fills it, clauses, and what would unblock it."""

    key: str
    values: dict[str, str | int] = {}
    clauses: tuple[str, ...] = ()
    unblock: str = ""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What became of one entry. seq: where its last event stands; want: number to send again from, at a gap.

    theirs: ids of the events that were there first, at a conflict. time_doubtful: it counts, but a lead confirms when.
    """

    n: int
    id: str
    status: Status
    seq: int = 0
    reason: Reason | None = None
    theirs: tuple[str, ...] = ()
    want: int = 0
    time_doubtful: bool = False


class PushAnswer(msgspec.Struct, frozen=True):
    """The answer to a push, given after the commit."""

    epoch: str
    last_n: int
    now: Instant
    verdicts: tuple[Verdict, ...]


class Outline(msgspec.Struct, frozen=True):
    """What everybody at the line may know of an order that is not theirs."""

    stream: str
    number: str
    status: str
    kind: str
    topic: str = ""
    place: str = ""
    urgency: str = ""
    number_hash: str = ""
    lead: str = ""
    raised_at: Instant = 0


def _nothing() -> msgspec.Raw:
    return msgspec.Raw(b"null")


class FeedRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing the reader may know. body: open and personal fields of the fact together; recorded_at: server clock."""

    seq: int
    kind: RowKind
    stream: str
    envelope: msgspec.Raw = msgspec.field(default_factory=_nothing)
    body: msgspec.Raw = msgspec.field(default_factory=_nothing)
    outline: Outline | None = None
    recorded_at: Instant = 0
    time_doubtful: bool = False


class FeedPage(msgspec.Struct, frozen=True):
    """Rows after a cursor. next: the cursor to store; more: ask again at once; resync: begin anew from a snapshot.

    last: the last place that was given out, 0 where the server does not say.
    """

    epoch: str
    rows: tuple[FeedRow, ...]
    next: int
    now: Instant
    more: bool = False
    resync: bool = False
    last: int = 0


class Health(msgspec.Struct, frozen=True):
    """What the server says of itself at `/v1/health`."""

    service: str
    version: str = ""
    protocol: tuple[int, int] = (OLDEST_PROTOCOL, PROTOCOL)
    time: Instant = 0
    epoch: str = ""


class RefusedEntry(msgspec.Struct, frozen=True):
    """An entry the server refused, whole, for its author and a lead."""

    device: str
    received_at: Instant
    verdict: Verdict
    entry: Entry


class RefusedEntries(msgspec.Struct, frozen=True):
    """Answer of `/v1/conflicts`, oldest first. more: ask again after the last `received_at`."""

    entries: tuple[RefusedEntry, ...]
    more: bool = False


class StreamHistory(msgspec.Struct, frozen=True):
    """Answer of `/v1/streams/{stream}`: all its events. is_masked: nobody is told who the caller is."""

    stream: str
    rows: tuple[FeedRow, ...]
    is_masked: bool = False


class NewMessage(msgspec.Struct, frozen=True):
    """A lead's words to the seats. device: of the one seat they are for, "" for all."""

    text: str
    device: str = ""


class Placed(msgspec.Struct, frozen=True):
    """Where something stands in the feed."""

    seq: int


class FileState(msgspec.Struct, frozen=True):
    """How many bytes of a file are there, from its beginning, and whether these are all."""

    size: int
    whole: bool


class SignIn(msgspec.Struct, frozen=True):
    """Who signs in, at which device and seat. device_key: what the enrolment of the device gave; "" before."""

    account: str
    password: str
    device: str
    seat: str
    jurisdiction: str
    device_key: str = ""


class Session(msgspec.Struct, frozen=True):
    """What a sign-in gives. device_key: only at enrolment, else empty; role_keys: by role, base64.

    earlier_role_keys: those before the last changes of a key, newest first, for what the seat has wrapped with them.
    """

    token: str
    refresh: str
    expires_at: Instant
    name: str
    role: str
    epoch: str
    unit: str = ""
    device_key: str = ""
    last_n: int = 0
    number_key: str = ""
    role_keys: dict[str, str] = {}
    unlock_days: int = 0
    earlier_role_keys: dict[str, tuple[str, ...]] = {}


class Refresh(msgspec.Struct, frozen=True):
    """Asks for fresh tokens at `/v1/refresh`; the answer is a `Session`. A refresh token counts once."""

    refresh: str
    device: str = ""


class Heard(msgspec.Struct, frozen=True):
    """The answer where there is nothing to tell but that it was done, such as at `/v1/sign-out`."""

    heard: bool


class Trouble(msgspec.Struct, frozen=True):
    """Why a request was not served. code: stable word; message: key of a text."""

    code: str
    message: str
    clauses: tuple[str, ...] = ()
    retry_after: int = 0


class TroubleAnswer(msgspec.Struct, frozen=True):
    """Body of every answer that is not a success."""

    error: Trouble


class SeatNow(msgspec.Struct, frozen=True):
    """The state of a seat as it passes by: kept for a minute, never written into the log.

    fresh_at: when somebody last wrote there. oldest_parked: since when the longest parked call waits.
    """

    device: str
    seat: str
    operator: str
    state: str
    reason: str = ""
    since: Instant = 0
    call_kind: str = ""
    colour: str = ""
    unsent: int = 0
    oldest_unsent: Instant = 0
    fresh_at: Instant = 0
    parked: int = 0
    at: Instant = 0
    oldest_parked: Instant = 0


class Seats(msgspec.Struct, frozen=True):
    """Every seat that was heard of within the last minute."""

    seats: tuple[SeatNow, ...]
