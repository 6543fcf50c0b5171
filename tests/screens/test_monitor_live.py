"""Two seats, their server and the monitor, each a real program in a pseudo-terminal of its own, over real sockets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from agent_console.clock import SystemClock
from agent_console.desk.opening import open_desk
from agent_console.desk.orders import handling
from agent_console.desk.orders.step_commands import command_for
from agent_console.desk.signing_in import sign_in_at
from agent_console.domain.decisions import Done
from agent_console.settings import Settings, save_settings

from ..support.wire import Wire, wire
from ..sync.conftest import Seat
from .terminal import PATIENCE, ROOT, Terminal

CLOCK = SystemClock()
WORD = "correct horse battery staple"
UNIT = "城市管理局"
PEOPLE = (
    ("zhang", "张三", "operator", ""),
    ("wang", "王四", "operator", ""),
    ("clerk", "甲经办", "unit_clerk", UNIT),
)
GENEROUS = 30.0
"""Seconds; what is measured is printed, this only keeps a stand-still from counting as shown."""


class Line(NamedTuple):
    """All that stands in the centre. times: seconds from the key at a seat until the monitor showed it."""

    first: Terminal
    second: Terminal
    monitor: Terminal
    second_wire: Wire
    monitor_wire: Wire
    clerk: Seat
    times: dict[str, float]

    def shown(self, what: str, seen: Callable[[], object], since: float) -> None:
        """Wait until the monitor shows it, and note how long it took."""
        until((self.first, self.second, self.monitor), seen)
        self.times[what] = time.monotonic() - since
        assert self.times[what] < GENEROUS, (what, self.times)


def until(terminals: Sequence[Terminal], seen: Callable[[], object]) -> None:
    """Draw all of them until something is to be seen."""
    end = time.monotonic() + PATIENCE
    while not seen():
        for terminal in terminals:
            terminal.draw(time.monotonic() + 0.01)
        assert time.monotonic() < end, "\n\n".join(terminal.text for terminal in terminals)


def server_words(home: Path, *words: str) -> None:
    environment = {**os.environ, "AGENT_CONSOLE_HOME": str(home), "AGENT_CONSOLE_NEW_PASSWORD": WORD}
    command = [sys.executable, "-m", "agent_console", "server", *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def signed_in(home: Path, address: str, account: str, number: str) -> Path:
    """A home at whose seat somebody has signed in."""
    settings = Settings(jurisdiction="fujian", seat=number, operator=account, server=address, alarm_bell=False)
    save_settings(home, settings)
    sign_in_at(home, settings, CLOCK, account, WORD)
    return home


@pytest.fixture
def line(tmp_path: Path, unused_tcp_port: int) -> Iterator[Line]:
    served, port = tmp_path / "server", unused_tcp_port
    server_words(served, "init", "--account=li", "--name=李班长", "--role=lead", "-j", "fujian")
    for account, name, role, unit in PEOPLE:
        more = (f"--unit={unit}",) if unit else ()
        server_words(served, "user", "add", account, f"--name={name}", f"--role={role}", *more)
    address = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        server = stack.enter_context(Terminal(served, arguments=("server", "run", "--port", str(port))))
        server.wait_for(str(port))
        to_second, to_monitor = stack.enter_context(wire(port)), stack.enter_context(wire(port))
        homes = [
            signed_in(tmp_path / account, where, account, number)
            for account, where, number in (
                ("zhang", address, "11"), ("wang", to_second.address, "12"), ("li", to_monitor.address, "1"),
            )
        ]  # fmt: skip
        clerk = Seat(tmp_path / "clerk", address, "甲")
        clerk.sign_in("clerk", WORD)
        first, second = (stack.enter_context(Terminal(home)) for home in homes[:2])
        monitor = stack.enter_context(Terminal(homes[2], arguments=("monitor",)))
        line = Line(first, second, monitor, to_second, to_monitor, clerk, {})
        yield line
        print({what: round(seconds, 2) for what, seconds in line.times.items()})


def row(terminal: Terminal, name: str) -> str:
    """The line of the wall somebody stands on."""
    return next((text for text in terminal.text.splitlines() if f" {name} " in text), "")


def count(terminal: Terminal, name: str) -> str:
    """What stands behind the name of a list."""
    lines = (text.partition("│")[0].split() for text in terminal.text.splitlines())
    return next((words[-1] for words in lines if len(words) == 2 and words[0] == name), "")


def take(line: Line, seat: Terminal) -> float:
    """Take a call; when the last key was pressed."""
    all_of = (line.first, line.second, line.monitor)
    until(all_of, lambda: "F2 接听" in seat.text)
    seat.press("f2")
    until(all_of, lambda: "来电号码" in seat.text)
    seat.press("13800138000", "enter")
    pressed = time.monotonic()
    until(all_of, lambda: "边听边记" in seat.text)
    return pressed


def raise_order(line: Line, seat: Terminal) -> float:
    """Make an order of what is told; when the last key was pressed."""
    all_of = (line.first, line.second, line.monitor)
    seat.press("鼓楼区五四路路灯坏了，请帮忙修")
    until(all_of, lambda: "可受理" in seat.text and "已保存" in seat.text)
    seat.press("f4")
    until(all_of, lambda: "办结到期" in seat.text)
    seat.press("csgl", "f4")
    pressed = time.monotonic()
    until(all_of, lambda: "已立" in seat.text)
    return pressed


def send_back(clerk: Seat) -> float:
    """The unit's clerk asks for the order to be taken back; when it was sent."""
    assert clerk.exchange().why is None
    opened = open_desk(clerk.home, clerk.settings, CLOCK)
    [order] = opened.records.orders(2)
    command = command_for("return", {"reason": "不属本单位", "basis": "三定方案"}, order)
    decision = handling.take(opened.desk, order.id, command)
    opened.close()
    assert isinstance(decision, Done), decision
    sent = time.monotonic()
    assert clerk.exchange().unsent == 0
    return sent


def test_what_happens_at_two_seats_stands_on_the_monitor_at_once(line: Line) -> None:
    monitor, begun = line.monitor, time.monotonic()
    line.shown("both seats", lambda: "实时" in monitor.text and row(monitor, "张三") and row(monitor, "王四"), begun)
    line.shown("call taken", lambda: "通话" in row(monitor, "张三"), take(line, line.first))
    line.first.press("着火了，三楼有人被困出不来")
    line.shown("emergency", lambda: "紧急警情" in monitor.text and "紧急" in row(monitor, "张三"), time.monotonic())
    take(line, line.second)
    line.shown("order raised", lambda: count(monitor, "未签收") == "1", raise_order(line, line.second))
    line.shown("return requested", lambda: count(monitor, "待批退件") == "1", send_back(line.clerk))

    line.monitor_wire.cut()
    line.shown("the monitor is cut off and says so", lambda: "实时中断" in monitor.text, time.monotonic())
    line.first.press("f9")
    line.monitor_wire.mend()
    line.shown("the monitor is back", lambda: "实时  " in monitor.text, time.monotonic())
    line.shown("and in step", lambda: "通话" not in row(monitor, "张三"), time.monotonic())

    line.second_wire.cut()
    line.second.press("f9")
    until((line.first, line.second, monitor), lambda: "话后整理" in line.second.text and "断网" in line.second.text)
    line.second_wire.mend()
    line.shown("a seat is back", lambda: "话后整理" in row(monitor, "王四"), time.monotonic())

    monitor.press("t")
    until((line.first, line.second, monitor), lambda: "发给谁" in monitor.text)
    monitor.press("2")
    until((line.first, line.second, monitor), lambda: "通知全部坐席" in monitor.text)
    monitor.press("三号线改由二组接听", "enter")
    sent = time.monotonic()
    heard = ("三号线改由二组接听", "已通知全部坐席")
    line.shown(
        "a message heard at both seats", lambda: heard[0] in line.first.text and heard[0] in line.second.text, sent
    )
