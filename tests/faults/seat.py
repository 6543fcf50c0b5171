"""One seat of the campaign as a process of its own: the real desk, the real engine, and a person who never rests.

    python -m tests.faults.seat PART.json

It ends when it is killed, or in good order once `stop` lies in its folder; with `finish` there nobody works any more.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from agent_console.desk.at_work import signed_in
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.signing_in import sign_in_at
from agent_console.desk.sync import tray
from agent_console.desk.sync.side import Side, open_side
from agent_console.domain.errors import ConsoleError
from agent_console.settings import load_settings
from agent_console.sync import backoff, client, engine, files, line, pulling
from agent_console.sync.engine import Engine
from tests.faults import broken
from tests.faults.clocks import CLOCK_OFF, UnsteadyClock
from tests.faults.further_work import FurtherWork
from tests.faults.processes import end_with_parent
from tests.faults.work import SENT_AGAIN, Entered, Paper, Person, Saved

FINISH, STOP, READY = "finish", "stop", "ready"
PASSWORD = "一句够长的口令-2026"
_LOOK_SECONDS = 0.1
_SIGN_IN, _SIGN_IN_SECONDS = "/v1/sign-in", client.ANSWER_SECONDS


class Part(msgspec.Struct, frozen=True):
    """What a seat is told. rate: things done in a second; pace: share of the usual time that waits take."""

    home: str
    paper: str
    account: str
    seed: int
    rate: float
    pace: float
    broken: str = ""


LONGEST_NAME = 200
"""Characters a server takes in the name of a stream."""


def hurry(pace: float) -> None:
    """Have every wait of the line take this share of its time, so that a minute holds more faults."""
    for name in ("SHORTEST", "LONGEST", "SPREAD", "OUTAGE"):
        setattr(backoff, name, getattr(backoff, name) * pace)
    engine.TROUBLE_SECONDS *= pace
    vars(engine)["LONGEST_WAIT"] = max(1, round(pulling.LONGEST_WAIT * pace))
    pulling._MARGIN *= pace
    line._BETWEEN_LOOKS *= pace
    client.ANSWER_SECONDS *= pace
    files.PUT_OFF_SECONDS *= pace
    files.LOOK_SECONDS *= pace
    for asking in (client.ServerClient.get, client.ServerClient.post):
        defaults = asking.__kwdefaults__
        assert defaults is not None
        defaults["seconds"] *= pace
    _leave_time_to_sign_in()


def _leave_time_to_sign_in() -> None:
    """A password takes the server as long as it takes, and asking again in the middle makes it longer."""
    hurried = client.ServerClient.post

    def asked(self: client.ServerClient, path: str, *what: Any, **how: Any) -> Any:
        return hurried(self, path, *what, **(how | {"seconds": _SIGN_IN_SECONDS} if path == _SIGN_IN else how))

    client.ServerClient.post = asked  # type: ignore[method-assign]


class AtTheSeat:
    """The process of one seat."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._home = Path(part.home)
        self._clock = UnsteadyClock(self._home / CLOCK_OFF)
        self._settings = load_settings(self._home)
        self._random = Random(part.seed)

    def _side(self) -> Side:
        return open_side(self._home, self._settings, self._clock)

    def run(self) -> None:
        """Work until told to stop."""
        opened = self._sit_down()
        # A first sign-in takes as long as the machine does: five at once would else begin again for ever.
        hurry(self._part.pace)
        self._engine = Engine(self._side, self._home, self._settings, self._clock)
        paper = Paper(Path(self._part.paper))
        person = Person(opened, paper, self._random)
        person.also(FurtherWork(person, self._home, self._settings, self._clock).acts())
        self._engine.start()
        (self._home / READY).touch()
        while not (self._home / STOP).exists():
            if (self._home / FINISH).exists():
                self._send_parked_again(opened, paper)
                self._engine.wake()
                time.sleep(_LOOK_SECONDS)
            else:
                self._work(person)
            self._sign_in_where_asked()
        self._engine.close()
        opened.close()

    def _sit_down(self) -> OpenDesk:
        """Open the desk; a full disk is waited out, as a person would have to."""
        while True:
            try:
                if signed_in(self._home, self._settings, self._clock) is None:
                    sign_in_at(self._home, self._settings, self._clock, self._part.account, PASSWORD)
                return open_desk(self._home, self._settings, self._clock)
            except ConsoleError:
                time.sleep(_LOOK_SECONDS)

    def _work(self, person: Person) -> None:
        with suppress(ConsoleError, OSError):
            person.act()
            self._engine.wake()
        time.sleep(self._random.expovariate(self._part.rate))

    def _sign_in_where_asked(self) -> None:
        """A session the server takes no longer asks for the password; the work goes on meanwhile."""
        trouble = self._engine.status.trouble
        if trouble is None or trouble.key != "link.sign_in":
            return
        with suppress(ConsoleError):
            signed = signed_in(self._home, self._settings, self._clock)
            if signed is None or not signed.token:
                sign_in_at(self._home, self._settings, self._clock, self._part.account, PASSWORD)

    @staticmethod
    def _send_parked_again(opened: OpenDesk, paper: Paper) -> None:
        """What was set aside because the line was bad is sent once more by hand."""
        for entry in opened.store.outbox.tray():
            if entry.state == "parked" and all(len(step.stream) <= LONGEST_NAME for step in entry.steps):
                paper.write(Saved(SENT_AGAIN, (Entered(entry.id, 0),)))
                tray.do_again(opened.desk, opened.store, entry.id)


def main() -> None:
    """Take the part that the file on the command line describes."""
    end_with_parent()
    part = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Part)
    if part.broken:
        broken.BROKEN_SEATS[part.broken]()
    AtTheSeat(part).run()


if __name__ == "__main__":
    main()
