"""The first line: whose rules, who sits here, in which state, and how the link is."""

from __future__ import annotations

import msgspec
from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from agent_console.domain.instants import Instant, local
from agent_console.domain.intake.seats import Seat
from agent_console.texts import say
from screens.timing import day_and_time, span, until


class Standing(msgspec.Struct, frozen=True):
    """What of the header changes seldom."""

    region: str = ""
    mark: str = ""
    who: str = ""
    seat_number: str = ""
    server: str = ""
    seat: Seat = Seat()
    takes_calls: bool = True
    parked: int = 0
    unsent: int = 0
    callbacks: int = 0
    link: str = "alone"
    cut_off_since: Instant = 0
    oldest: Instant | None = None
    fresh_at: Instant | None = None
    tray: int = 0
    notice: str = ""


_PADDING = 2


def line_text(standing: Standing, now: Instant) -> str:
    """The link, what waits with the age of its oldest, and up to when the seat knows what the server knows."""
    text = say(f"header.link.{standing.link}", count=standing.unsent)
    if standing.link == "down" and standing.cut_off_since:
        text += say("header.cut_off", span=until(now, standing.cut_off_since))
    if standing.unsent and standing.oldest is not None and standing.link != "alone":
        text += say("header.oldest", span=until(now, standing.oldest))
    if standing.fresh_at is not None:
        text += say("header.fresh", time=day_and_time(standing.fresh_at, now))
    return text


class SeatHeader(Static):
    """One line across the screen; drawn again only when what it says has changed."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__("", markup=False, id="header")
        self._shown = ""

    def show(self, standing: Standing, now: Instant) -> None:
        """Say it, with the time in state and the time of day; what the operator knows gives way where it is narrow.

        Who says themselves who they are stands there at any width.
        """
        region = standing.region + (f"〔{standing.mark}〕" if standing.mark else "")
        who = standing.who or say("header.seat", seat=standing.seat_number, operator=standing.seat.operator)
        parts = [self._activity(standing.seat, now)] if standing.takes_calls else []
        if standing.parked:
            parts.append(say("header.parked", count=standing.parked))
        if standing.callbacks:
            parts.append(say("header.callbacks", count=standing.callbacks))
        if standing.tray:
            parts.append(say("header.tray", count=standing.tray))
        if standing.notice:
            parts.append(standing.notice)
        full = [*parts, line_text(standing, now)]
        parts.append(say(f"header.link.{standing.link}", count=standing.unsent))
        time = f"{local(now):%H:%M}"
        lines = [
            "  │  ".join([region, who, *full, f"{local(now):%m-%d} {time}"]),
            " │ ".join([region, who, *full, time]),
            " │ ".join([region, *filter(None, [standing.who]), *full, time]),
            "  │  ".join([region, who, *parts, f"{local(now):%m-%d} {time}"]),
            " │ ".join([region, who, *parts, time]),
            " │ ".join([region, *filter(None, [standing.who]), *parts, time]),
            " │ ".join([region, *filter(None, [standing.who]), *parts]),
        ]
        room = self.app.size.width - _PADDING
        text = next((line for line in lines if cell_len(line) <= room), lines[-1])
        if text != self._shown:
            self._shown = text
            self.update(Content(text), layout=False)

    @staticmethod
    def _activity(seat: Seat, now: Instant) -> str:
        name = say(f"activity.{seat.activity}")
        reason = f"（{seat.reason}）" if seat.reason else ""
        return f"{name}{reason} {span(now - seat.since)}" if seat.since else name
