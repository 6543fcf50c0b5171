"""The endpoints of the sync protocol: pushes, the feed, seats, messages, files."""

from __future__ import annotations

import time
from typing import Annotated

import msgspec
from starlette.responses import Response

from agent_console.domain.oversight.lead_messages import SendMessage
from agent_console.server.feeding import messages
from agent_console.server.feeding.feed import MOST_ROWS
from agent_console.server.feeding.files import PIECE, checked_hash
from agent_console.server.feeding.live import PING_SECONDS, EventStream, piece
from agent_console.server.feeding.looking import history, in_sight, may_bring, refused_entries
from agent_console.server.feeding.sight import Reader
from agent_console.server.pushing.push import check_form
from agent_console.server.web.endpoints import Asked, Endpoint, json_answer, read_body
from agent_console.server.web.identity import WATCH
from agent_console.server.web.trouble import Refused
from agent_console.sync.wire import (
    TAKEN_BYTES,
    FeedPage,
    FileState,
    Heard,
    NewMessage,
    Placed,
    Push,
    PushAnswer,
    RefusedEntries,
    SeatNow,
    Seats,
    StreamHistory,
)

LONGEST_WAIT = 30
_BYTES = "application/octet-stream"
_EVENTS = "text/event-stream"
_FIRST_BYTE = "bytes="
_LARGEST = 1 << 53
_MOST_SEAT_BYTES = 8 * 1024

Count = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]


class FeedQuery(msgspec.Struct, frozen=True):
    """after: the cursor. limit: events of the log at most. wait: seconds to wait for the first. epoch: the cursor's."""

    after: Count = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = MOST_ROWS
    wait: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = 0
    epoch: Annotated[str, msgspec.Meta(max_length=64)] = ""


class LiveQuery(msgspec.Struct, frozen=True):
    """after: the cursor, unless `Last-Event-ID` says one."""

    after: Count = 0


class LookQuery(msgspec.Struct, frozen=True):
    """ground: why whoever is not told the names of callers needs them for handling."""

    ground: Annotated[str, msgspec.Meta(max_length=500)] = ""


class FileQuery(msgspec.Struct, frozen=True):
    """stream: what the file is attached to."""

    stream: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AfterQuery(msgspec.Struct, frozen=True):
    """after: instant, UTC microseconds."""

    after: Count = 0


async def push(asked: Asked) -> PushAnswer:
    """Decide and commit what a seat did."""
    check_form(asked.person, asked.body)
    return await asked.services.push(asked.person, asked.body)


async def feed(asked: Asked) -> Response:
    """The next page, waited for where there is none."""
    services, query = asked.services, asked.query
    epoch = await services.epoch()
    if query.epoch and query.epoch != epoch:
        last = await services.feed.last_seq(asked.person.jurisdiction)
        return json_answer(FeedPage(epoch, (), last, services.clock.now(), resync=True))
    reader = await services.feed.reader(asked.person)
    page = await services.feed.page(reader, query.after, epoch, limit=query.limit)
    if query.wait and not page.rows and not page.more:
        await services.waker.wait(reader.jurisdiction, page.next, query.wait)
        page = await services.feed.page(reader, query.after, epoch, limit=query.limit)
    return Response(page.body, headers={"cache-control": "no-store"}, media_type="application/json")


async def feed_stream(asked: Asked) -> Response:
    """The same pages as they come."""
    services = asked.services
    reader = await services.feed.reader(asked.person)
    following = _Following(asked, reader, _cursor(asked))
    return EventStream(following.next)


class _Following:
    """One live stream of the feed; the token is asked for again with every wave."""

    def __init__(self, asked: Asked, reader: Reader, after: int) -> None:
        self._asked = asked
        self._reader = reader
        self._after = after
        self._begun = False

    async def next(self) -> bytes | None:
        services, line = self._asked.services, self._reader.jurisdiction
        end = time.monotonic() + PING_SECONDS
        while True:
            if self._begun:
                await services.waker.wait(line, self._after, max(0.0, end - time.monotonic()))
                if services.waker.stopped or not await _is_still_there(self._asked):
                    return None
            self._begun = True
            page = await services.feed.page(
                self._reader, self._after, await services.epoch(), last=services.waker.last(line)
            )
            self._after = page.next
            if page.rows:
                return piece("page", page.body, page.next)
            if not page.more and time.monotonic() >= end:
                return b""


def _cursor(asked: Asked) -> int:
    told = asked.request.headers.get("last-event-id", "")
    if not told:
        return int(asked.query.after)
    if not told.isdecimal() or int(told) > _LARGEST:
        raise Refused(400, "malformed")
    return int(told)


async def stream(asked: Asked) -> StreamHistory:
    """One stream, if it is in sight; that somebody looked is written down."""
    return await history(asked.services, asked.person, asked.named("stream"), asked.query.ground)


async def conflicts(asked: Asked) -> RefusedEntries:
    """Entries that were refused."""
    services, person = asked.services, asked.person
    reader = await services.feed.reader(person)
    held = await services.feed.held(person.jurisdiction)
    return await refused_entries(services.database, services.audit, person, reader, held, asked.query.after)


async def seat_state(asked: Asked) -> Heard:
    """A seat says how it stands."""
    asked.services.wall.tell(asked.person, asked.body)
    return Heard(heard=True)


async def seats(asked: Asked) -> Seats:
    """All seats, for whoever watches them."""
    return Seats(await asked.services.wall.seats(asked.person.jurisdiction))


async def seats_stream(asked: Asked) -> Response:
    """The same whenever something changes."""
    wall, line = asked.services.wall, asked.person.jurisdiction
    shown: list[bytes] = []

    async def following() -> bytes | None:
        if shown:
            await wall.changed(line, PING_SECONDS)
        if asked.services.waker.stopped or not await _is_still_there(asked):
            return None
        now = await wall.page(line)
        if shown == [now]:
            return b""
        shown[:] = [now]
        return piece("seats", now)

    return EventStream(following)


async def _is_still_there(asked: Asked) -> bool:
    """Whether the token still counts for the same person."""
    try:
        return await asked.services.bearer(asked.request) == asked.person
    except Refused:
        return False


async def send_message(asked: Asked) -> Placed:
    """A lead's words to the seats."""
    services, person = asked.services, asked.person
    await services.database.add_jurisdiction(person.jurisdiction)
    command = SendMessage(asked.body.text, asked.body.device)
    seq = await messages.send(await services.means(person.jurisdiction), services.database, person, command)
    services.waker.nudge()
    return Placed(seq)


async def file_state(asked: Asked) -> FileState:
    """How much of a file is there."""
    await may_bring(asked.services, asked.person, asked.query.stream)
    files = await asked.services.files(asked.person.jurisdiction)
    return FileState(*await files.stored(asked.named("sha256"), asked.query.stream))


async def put_file(asked: Asked) -> FileState:
    """Take a piece of a file in."""
    checked_hash(asked.named("sha256"))
    await may_bring(asked.services, asked.person, asked.query.stream)
    body = await read_body(asked.request, PIECE)
    files = await asked.services.files(asked.person.jurisdiction)
    told = asked.request.headers.get("content-range", "")
    return FileState(*await files.take(asked.named("sha256"), asked.query.stream, told, body))


async def get_file(asked: Asked) -> Response:
    """A piece of a file, from the byte that `Range` names."""
    await in_sight(asked.services, asked.person, asked.query.stream)
    told = asked.request.headers.get("range", "bytes=0-")
    first = told.removeprefix(_FIRST_BYTE).partition("-")[0]
    if not told.startswith(_FIRST_BYTE) or not first.isdecimal() or int(first) > _LARGEST:
        raise Refused(416, "range")
    files = await asked.services.files(asked.person.jurisdiction)
    content, size = await files.part(asked.named("sha256"), asked.query.stream, int(first))
    await asked.services.audit(asked.person, "file.read", asked.query.stream)
    headers = {
        "content-range": f"bytes {int(first)}-{int(first) + len(content) - 1}/{size}",
        "cache-control": "no-store",
    }
    return Response(content, 206, headers, media_type=_BYTES)


SYNC_ENDPOINTS = (
    Endpoint(
        "POST", "/v1/push", "push", "Tell what a seat did", push, gives=PushAnswer, takes=Push, refuses=(426,),
        most=TAKEN_BYTES,
    ),
    Endpoint("GET", "/v1/feed", "feed", "Everything after a cursor", feed, gives=FeedPage, query=FeedQuery),
    Endpoint(
        "GET", "/v1/feed/stream", "feed_stream", "The same as it comes", feed_stream, query=LiveQuery, media=_EVENTS
    ),
    Endpoint(
        "GET", "/v1/streams/{stream}", "stream", "One stream", stream, gives=StreamHistory, query=LookQuery
    ),
    Endpoint(
        "GET", "/v1/conflicts", "conflicts", "Refused entries", conflicts, gives=RefusedEntries, query=AfterQuery
    ),
    Endpoint(
        "POST", "/v1/seat-state", "seat_state", "How a seat stands", seat_state, gives=Heard, takes=SeatNow,
        most=_MOST_SEAT_BYTES,
    ),
    Endpoint("GET", "/v1/seats", "seats", "All seats", seats, gives=Seats, scope=WATCH),
    Endpoint(
        "GET", "/v1/seats/stream", "seats_stream", "The same as it changes", seats_stream, media=_EVENTS, scope=WATCH
    ),
    Endpoint("POST", "/v1/messages", "message", "Tell the seats", send_message, gives=Placed, takes=NewMessage),
    Endpoint(
        "GET", "/v1/files/{sha256}/state", "file_state", "How much of a file is there", file_state, gives=FileState,
        query=FileQuery,
    ),
    Endpoint(
        "PUT", "/v1/files/{sha256}", "put_file", "A piece of a file", put_file, gives=FileState, query=FileQuery,
        takes_media=_BYTES, refuses=(409,), most=PIECE,
    ),
    Endpoint(
        "GET", "/v1/files/{sha256}", "get_file", "A piece of a file", get_file, query=FileQuery, media=_BYTES,
        success=(206,), refuses=(416,),
    ),
)  # fmt: skip
