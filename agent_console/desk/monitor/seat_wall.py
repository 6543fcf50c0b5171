"""The wall of seats: from the stream of a server, and from the seat's own file where no server tells more.

wall = LiveWall(LocalWall(opened, settings), line.watch_seats(), settings.wall_hours)
for seat in wall.seats(): …            # `SeatNow`
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from agent_console.desk.calls.proposals import propose_kind
from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import HOUR, MINUTE, Instant
from agent_console.domain.rule_book import RuleBook
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from agent_console.sync.wire import SeatNow

if TYPE_CHECKING:
    from agent_console.sync.watching import SeatWatch
    from knowledge.screening.engine import Screener
    from knowledge.screening.model import Screening

Source = Literal["mirror", "stream"]
Colour = Literal["", "accept", "urgent", "refusal", "emergency"]
_PREFIX = "seat:"
_REMEMBERED = 1000
"""Notes whose colour is remembered."""
_HEARD: Instant = MINUTE
"""A seat says every 20 seconds how it stands."""


class SeatWall(Protocol):
    """Where the states of the seats come from."""

    @property
    def source(self) -> Source:
        """The file of this seat, or the stream of a server."""

    def seats(self) -> tuple[SeatNow, ...]:
        """Every seat that is known, as it stands now."""


def colour_of(screening: Screening) -> Colour:
    """What a screening comes to on the wall: a threat counts as an emergency."""
    # Late: weights and cues are read when the first note is screened.
    from knowledge.screening.model import ACCEPT, EMERGENCIES

    best = screening.best.screening_class
    if best in EMERGENCIES or screening.threats:
        return "emergency"
    if best != ACCEPT:
        return "refusal"
    return "urgent" if screening.urgent else "accept"


class NoteColours:
    """Screens what stands in a draft, once for each time it was saved."""

    def __init__(self, book: RuleBook) -> None:
        """Screen against this book; what that needs is read at the first note."""
        self._book = book
        self._screener: Screener | None = None
        self._known: dict[str, tuple[Instant, Colour]] = {}

    def of(self, draft: Draft | None) -> Colour:
        """The colour of a note; "" where nothing was written."""
        if draft is None or not draft.fields.get("note", "").strip():
            return ""
        kept = self._known.get(draft.owner)
        if kept is None or kept[0] != draft.saved_at:
            kept = (draft.saved_at, colour_of(self._screened(draft.fields["note"])))
            self._known = {**self._known, draft.owner: kept} if len(self._known) < _REMEMBERED else {draft.owner: kept}
        return kept[1]

    def _screened(self, note: str) -> Screening:
        from knowledge.screening.engine import Screener

        self._screener = self._screener or Screener(self._book)
        return self._screener.screen(note, growing=True)


def is_away(seat: SeatNow, now: Instant) -> bool:
    """Whether a seat has not been heard of for more than a minute: what stands there is how it was at `seat.at`."""
    return now - seat.at > _HEARD


class LiveWall:
    """The seats as the server streams them, with those of this file while the stream is cut.

    A seat that is no longer heard of and did not sign out stays as it was for some hours.
    """

    def __init__(self, local: LocalWall, watch: SeatWatch | ToldOnce, hours: int) -> None:
        """Fall back to `local`; hold who went off the line for so many hours."""
        self._local = local
        self._watch = watch
        self._held: Instant = hours * HOUR
        self._known: dict[str, SeatNow] = {}

    @property
    def source(self) -> Source:
        """Whether the server tells it now."""
        return "stream" if self._watch.is_live else "mirror"

    def seats(self) -> tuple[SeatNow, ...]:
        """Every seat somebody sits at, by number."""
        now, heard = self._local.now, {seat.device: seat for seat in self._watch.seats}
        if not (self._known and self._watch.is_live):
            self._note(self._local.seats())
        self._note(heard.values())
        away = [seat for seat in self._known.values() if seat.device not in heard and is_away(seat, now)]
        left = self._local.signed_out() if away else frozenset()
        for seat in away:
            if seat.device in left or now - seat.at > self._held:
                del self._known[seat.device]
        return in_order(self._known.values())

    def _note(self, seats: Iterable[SeatNow]) -> None:
        """What was said last of each counts; whoever signed out is gone."""
        for seat in seats:
            known = self._known.get(seat.device)
            if seat.state == "signed_out":
                self._known.pop(seat.device, None)
            elif known is None or known.at <= seat.at:
                self._known[seat.device] = seat


class ToldOnce(msgspec.Struct, frozen=True):
    """The seats as the server told them at one moment."""

    seats: tuple[SeatNow, ...]
    is_live: bool = True


def in_order(seats: Iterable[SeatNow]) -> tuple[SeatNow, ...]:
    """By number, as a person counts."""
    return tuple(sorted(seats, key=lambda seat: (len(seat.seat), seat.seat, seat.device)))


class _InHand:
    """Unfinished calls of one device."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self.fresh: Instant = 0
        self.parked = 0


class LocalWall:
    """The seats whose facts are in this file: the own one, and those a server sent."""

    source: Source = "mirror"

    def __init__(self, opened: OpenDesk, settings: Settings) -> None:
        """Read from this file; what waits for a server is only counted where there is one."""
        self._opened = opened
        self._settings = settings
        self._colours = NoteColours(opened.desk.rule_book)

    @property
    def now(self) -> Instant:
        """By the server's clock, as far as it is known."""
        return self._opened.desk.context().now

    def signed_out(self) -> frozenset[str]:
        """Devices whose operator has left, as far as that is in this file."""
        found = self._ask("SELECT stream FROM seat WHERE activity = 'signed_out'")
        return frozenset(stream.removeprefix(_PREFIX) for (stream,) in found)

    def seats(self) -> tuple[SeatNow, ...]:
        """Every seat somebody sits at, by number; with a server, others as they were when it last told of them."""
        now, own = self.now, self._opened.store.identity.device
        in_hand = self._in_hand()
        sql = "SELECT stream, operator, activity, reason, since FROM seat WHERE activity != 'signed_out' OR stream = ?"
        found = []
        for stream, operator, activity, reason, since in self._ask(sql, _PREFIX + own):
            device = stream.removeprefix(_PREFIX)
            held = in_hand.get(device, _InHand())
            count, oldest = self._unsent(device)
            fresh = max(since, held.fresh)
            found.append(
                SeatNow(
                    device=device,
                    seat=self._settings.seat if device == own else self._number(stream),
                    operator=operator,
                    state=activity,
                    reason=reason,
                    since=since,
                    call_kind=self._kind(held.draft),
                    colour=self._colours.of(held.draft),
                    unsent=count,
                    oldest_unsent=oldest,
                    fresh_at=fresh,
                    parked=held.parked,
                    at=fresh if self._settings.server and device != own else now,
                )
            )
        return in_order(found)

    def _ask(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        return rows(self._opened.store.connection, sql, parameters)

    def _in_hand(self) -> dict[str, _InHand]:
        """By device, from the streams of the calls that are not finished."""
        held: dict[str, _InHand] = {}
        for stream, status in self._ask("SELECT stream, status FROM call WHERE status IN ('live', 'parked')"):
            sql = "SELECT device, max(occurred_at) FROM event WHERE stream = ? GROUP BY device"
            for device, last in self._ask(sql, stream):
                one = held.setdefault(device, _InHand())
                one.parked += status == "parked"
                if status == "live":
                    draft = self._opened.store.drafts.load(stream)
                    one.draft = draft or one.draft
                    one.fresh = max(one.fresh, last, draft.saved_at if draft else 0)
        return held

    def _kind(self, draft: Draft | None) -> str:
        return propose_kind(draft.fields.get("note", ""), self._opened.desk.rule_book) if draft else ""

    def _number(self, stream: str) -> str:
        found = self._ask("SELECT seat FROM event WHERE stream = ? ORDER BY version DESC LIMIT 1", stream)
        return str(found[0][0]) if found else ""

    def _unsent(self, device: str) -> tuple[int, Instant]:
        """What of the own seat waits for the server, since when; other seats tell theirs on its stream."""
        if not self._settings.server or device != self._opened.store.identity.device:
            return 0, 0
        outbox = self._opened.store.outbox
        return outbox.unsent_count(), outbox.oldest() or 0
