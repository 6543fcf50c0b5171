"""The line of a console at work: one thread sends, one takes in, both beside the screen and never on the way of a key.

While the server is away one question in a while asks whether it is back; then seats come back spread over seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from typing import Any, TypeVar

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import ConsoleError
from agent_console.domain.messages import Message, message
from agent_console.settings import Settings
from agent_console.store.link_state import new_holder
from agent_console.sync.answers import NotServed
from agent_console.sync.backoff import Backoff
from agent_console.sync.client import ServerClient, client_for
from agent_console.sync.files import carry
from agent_console.sync.line import Line, LineStatus, fresh_at, too_old_for
from agent_console.sync.link import Link
from agent_console.sync.ports import SeatSide
from agent_console.sync.pulling import LONGEST_WAIT, Puller
from agent_console.sync.pushing import Pusher
from agent_console.sync.watching import SeatWatch, is_news
from agent_console.sync.wire import Heard, SeatNow

PUSHING, PULLING, WATCHING, CARRYING = "sync-push", "sync-pull", "sync-watch", "sync-files"
LOOK_SECONDS = 0.25
"""How often the outbox is looked at: a look into shared memory unless somebody wrote."""
TROUBLE_SECONDS = 5.0
"""Pause while somebody has to do something first, such as signing in."""
STATE_SECONDS = 20.0
"""The server forgets a seat's state after a minute without it being said again."""

OpenSeat = Callable[[], SeatSide]
T = TypeVar("T")
Errand = Callable[[ServerClient, str], T]
"""Something asked of the server over a client with a token. Raises NotServed."""


class Engine:
    """Sends and takes in for a console until it is closed."""

    def __init__(self, open_seat: OpenSeat, home: Path, settings: Settings, clock: Clock) -> None:
        """Nothing happens before `start`; `open_seat` is called once in each thread."""
        self._open_seat = open_seat
        self._home = home
        self._settings = settings
        self._clock = clock
        self._holder = new_holder()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._is_up = threading.Event()
        self._refreshing = threading.Lock()
        self._watching = threading.Lock()
        self._status = LineStatus("down" if settings.server else "alone")
        self._seat_now: SeatNow | None = None
        self._seats = SeatWatch()
        self._errands: SimpleQueue[tuple[Errand[Any], Future[Any]]] = SimpleQueue()
        self._changes = 0
        self._threads: list[threading.Thread] = []
        self._clients: dict[str, ServerClient] = {}

    def start(self) -> None:
        """Begin, where the seat has a server."""
        if not self._settings.server or self._threads:
            return
        self._begin(PUSHING, self._pushing)
        self._begin(PULLING, self._pulling)
        self._begin(CARRYING, self._carrying)

    def _begin(self, name: str, work: Callable[[SeatSide, ServerClient], None]) -> None:
        thread = threading.Thread(target=self._guarded, args=(name, work), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    @property
    def status(self) -> LineStatus:
        """How the line stands; for another thread to read at any time."""
        return self._status

    @property
    def changes(self) -> int:
        """Counts what came in or was answered: a screen that shows a list reads it again when this has grown."""
        return self._changes

    def wake(self) -> None:
        """Something was written: look at once, and try again now where the server was away."""
        self._wake.set()

    def say_state(self, now: SeatNow) -> None:
        """Let the monitor know what this seat is doing, by the server's clock; how much is unsent is filled in."""
        before, self._seat_now = self._seat_now, now
        if is_news(before, now):
            self._wake.set()

    def watch_seats(self) -> SeatWatch:
        """What all seats are doing, from now on until `look_away`; nothing where there is no server."""
        self._seats.wanted.set()
        if self._threads and not any(thread.name == WATCHING for thread in self._threads):
            self._begin(WATCHING, self._watch)
        return self._seats

    def look_away(self) -> None:
        """Nobody looks at the seats any more."""
        self._seats.wanted.clear()
        self._interrupt(WATCHING)

    def ask(self, errand: Errand[T]) -> Future[T]:
        """Have the sending thread ask this of the server once, now; what hinders is the future's NotServed."""
        done: Future[T] = Future()
        self._errands.put((errand, done))
        self._wake.set()
        return done

    def close(self, seconds: float = 3.0) -> None:
        """Stop within `seconds`; a push in flight may end, a question that waits for news is cut short.

        What was cut off unanswered is sent again at the next start, and counts once.
        """
        self._stop.set()
        self._wake.set()
        self._is_up.set()
        end = time.monotonic() + seconds
        for thread in reversed(self._threads):
            if thread.name != PUSHING:
                self._interrupt(thread.name)
            thread.join(max(0.0, end - time.monotonic()))
        for thread in self._threads:
            if thread.is_alive():
                self._interrupt(thread.name)
                thread.join(1.0)

    def _interrupt(self, name: str) -> None:
        client = self._clients.get(name)
        if client is not None:
            client.interrupt()

    # what both threads share

    def _guarded(self, name: str, work: Callable[[SeatSide, ServerClient], None]) -> None:
        """Open what a thread needs; what can only be mended by a person stands in the status."""
        try:
            client = client_for(self._settings)
        except NotServed as error:
            self._say(trouble=error.why)
            return
        except ConsoleError as error:
            self._say(trouble=error.message)
            return
        seat = self._opened()
        if seat is None:
            client.close()
            return
        self._clients[name] = client
        try:
            work(seat, client)
        finally:
            self._clients.pop(name)
            seat.close()
            client.close()

    def _opened(self) -> SeatSide | None:
        """The seat's file; what hinders it may pass, such as a full disk. None where the end comes first."""
        while not self._stop.is_set():
            try:
                return self._open_seat()
            except ConsoleError as error:
                self._stop.wait(self._trouble(error))
        return None

    def _say(self, **changes: object) -> None:
        with self._watching:
            self._status = msgspec.structs.replace(self._status, **changes)

    def _changed(self) -> None:
        with self._watching:
            self._changes += 1

    def _trouble(self, error: ConsoleError | NotServed) -> float:
        """Say what hinders; seconds until it is tried again."""
        why: Message = error.why if isinstance(error, NotServed) else error.message
        self._say(trouble=why)
        return TROUBLE_SECONDS

    def _rest(self, seconds: float) -> None:
        """Pause; a local write or the end cuts it short."""
        self._wake.wait(seconds)
        self._wake.clear()

    # sending

    def _pushing(self, seat: SeatSide, client: ServerClient) -> None:
        line = Line(seat, client, self._home, self._settings, self._clock)
        sender = _Sender(line, Pusher(line, self._refreshing), Random())
        while not self._stop.is_set():
            self._run_errands(line)
            self._rest(self._push_round(line, sender))
        with suppress(ConsoleError):
            line.state.give_back(self._holder)

    def _push_round(self, line: Line, sender: _Sender) -> float:
        """Send, unless another process of this seat does; seconds until the next. A disk that is full is waited out."""
        try:
            if line.state.take_lease(self._holder):
                return self._send_step(sender)
            # What the other one does is seen in the file.
            self._is_up.clear()
            self._say(fresh_at=fresh_at(line.state))
        except ConsoleError as error:
            return self._trouble(error)
        return 1.0

    def _run_errands(self, line: Line) -> None:
        while True:
            try:
                errand, done = self._errands.get_nowait()
            except Empty:
                return
            try:
                if self._status.link == "down":
                    raise NotServed("down", self._status.trouble or message("link.refused"))
                told = errand(line.client, line.token(self._refreshing))
            except (NotServed, ConsoleError) as error:
                done.set_exception(error)
            else:
                done.set_result(told)

    def _send_step(self, sender: _Sender) -> float:
        """One step; seconds until the next."""
        if not self._is_up.is_set() or sender.line.is_clock_due:
            return self._look_for_server(sender)
        try:
            self._tell_state(sender)
            pushed = sender.pusher.step()
            if pushed.answered:
                self._tell_state(sender)
        except NotServed as error:
            return self._not_served(error, sender.backoff)
        except ConsoleError as error:
            return self._trouble(error)
        sender.backoff.worked()
        if pushed.answered or pushed.parked or pushed.sorted_out:
            self._changed()
            self._say(trouble=None)
            return 0.0
        return 0.0 if self._stop.is_set() else self._until_written(sender)

    def _until_written(self, sender: _Sender) -> float:
        """Wait here until another connection has written, so that an idle seat costs next to nothing."""
        end = time.monotonic() + TROUBLE_SECONDS
        while not (self._wake.is_set() or self._stop.is_set() or sender.line.seat.store.changed()):
            if time.monotonic() > end or not self._is_up.is_set():
                break
            self._wake.wait(LOOK_SECONDS)
        return 0.0

    def _look_for_server(self, sender: _Sender) -> float:
        link = sender.line.look()
        if link.state != "up":
            self._cut_off(link)
            return sender.backoff.failed()
        since = self._status.cut_off_since
        cut_off = (link.since - since) / 1_000_000 if since else 0.0
        sender.backoff.worked()
        pause = sender.backoff.spread(cut_off)
        if pause:
            self._stop.wait(pause)
        sender.told(None, 0)
        self._say(link="up", cut_off_since=0, trouble=None, offset=sender.line.offset, outdated=too_old_for(link))
        self._is_up.set()
        return 0.0

    def _cut_off(self, link: Link) -> None:
        self._is_up.clear()
        since = self._status.cut_off_since or link.since
        self._say(link="down", cut_off_since=since, trouble=link.why)
        self._interrupt(WATCHING)

    def _not_served(self, error: NotServed, backoff: Backoff) -> float:
        if error.kind == "down":
            self._cut_off(Link("down", self._clock.now(), error.why))
            return backoff.failed(error.retry_after)
        self._say(trouble=error.why, outdated=self._status.outdated or error.kind == "outdated")
        if error.kind in ("sign_in", "forbidden", "refused", "outdated"):
            return TROUBLE_SECONDS
        return backoff.failed(error.retry_after)

    def _tell_state(self, sender: _Sender) -> None:
        """Say how the seat stands. Raises NotServed where that hinders sending as well; else it is said later."""
        now, waiting = self._seat_now, sender.line.seat.waiting()
        if now is None or not sender.state_is_due(now, waiting.unsent):
            return
        line = sender.line
        told = msgspec.structs.replace(
            now,
            device=line.device,
            unsent=waiting.unsent,
            oldest_unsent=waiting.oldest + (line.offset or 0) if waiting.oldest else 0,
            at=line.now_there(),
        )
        try:
            with line.asking(self._refreshing) as token:
                line.client.post("/v1/seat-state", told, Heard, token=token)
        except NotServed as error:
            if error.kind in ("down", "sign_in"):
                raise
        sender.told(now, waiting.unsent)

    # watching

    def _watch(self, seat: SeatSide, client: ServerClient) -> None:
        line = Line(seat, client, self._home, self._settings, self._clock)
        self._seats.listen(line, self._refreshing, self._stop, self._is_up)

    # taking in

    def _pulling(self, seat: SeatSide, client: ServerClient) -> None:
        line = Line(seat, client, self._home, self._settings, self._clock)
        puller, backoff = Puller(line, self._refreshing), Backoff(Random())
        self._say(fresh_at=fresh_at(line.state))
        while not self._stop.is_set():
            if not self._is_up.wait(1.0) or self._stop.is_set():
                continue
            self._stop.wait(self._pull_step(line, puller, backoff))

    def _pull_step(self, line: Line, puller: Puller, backoff: Backoff) -> float:
        try:
            pulled = puller.step(LONGEST_WAIT)
            reading = (pulled.place, pulled.last) if pulled.more else None
            self._say(fresh_at=fresh_at(line.state), reading=reading)
        except NotServed as error:
            return self._not_served(error, backoff)
        except ConsoleError as error:
            return self._trouble(error)
        backoff.worked()
        if pulled.rows:
            self._changed()
        return 0.0

    # files

    def _carrying(self, seat: SeatSide, client: ServerClient) -> None:
        line = Line(seat, client, self._home, self._settings, self._clock)
        carry(line, self._refreshing, self._stop, self._is_up)


class _Sender:
    """What the sending thread holds: its line, how long it waits, and which state of the seat it told last."""

    def __init__(self, line: Line, pusher: Pusher, random: Random) -> None:
        self.line = line
        self.pusher = pusher
        self.backoff = Backoff(random)
        self._told: SeatNow | None = None
        self._told_unsent = 0
        self._told_at = 0.0

    def state_is_due(self, now: SeatNow, unsent: int) -> bool:
        """At once where something changed or all is sent at last, else every 20 seconds."""
        if is_news(self._told, now) or (self._told_unsent and not unsent):
            return True
        return time.monotonic() - self._told_at > STATE_SECONDS

    def told(self, now: SeatNow | None, unsent: int) -> None:
        self._told, self._told_unsent, self._told_at = now, unsent, time.monotonic()
