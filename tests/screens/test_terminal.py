"""The real program in a real pseudo-terminal."""

from __future__ import annotations

import random
import re
import signal
import time
from functools import partial
from pathlib import Path

import pytest
import sqlite_utils

from agent_console.clock import SystemClock
from agent_console.desk.calls import intake
from agent_console.desk.opening import SEAT_FILE, OpenDesk, open_desk
from agent_console.domain.intake.outcomes import Ordered
from agent_console.settings import Settings

from ..support.stories import form
from .terminal import Terminal

SETTINGS = Settings(jurisdiction="fujian", seat="3", operator="张三")
ARGUMENTS = ("--jurisdiction", "fujian", "--seat", "3", "--operator", "张三")
ROUNDS = 8
SLACK = 1.0
"""Seconds that may lie between taking up what stands in the note and the time that is shown as saved."""


def on_file(home: Path) -> OpenDesk:
    return open_desk(home, SETTINGS, SystemClock())


def note_on_file(home: Path) -> str:
    opened = on_file(home)
    try:
        return opened.store.drafts.list()[0].fields["note"]
    finally:
        opened.close()


def take(terminal: Terminal) -> None:
    terminal.wait_for("F2 接听")
    terminal.press("f2")
    terminal.wait_for("来电号码")
    terminal.press("13800138000", "enter")
    terminal.wait_for("边听边记")


def test_a_call_in_chinese_becomes_an_order_that_stands_in_the_seats_file(home: Path) -> None:
    with Terminal(home, arguments=ARGUMENTS) as terminal:
        take(terminal)
        terminal.press("鼓楼区五四路路灯坏了，请帮忙修")
        terminal.wait_for("可受理")
        terminal.wait_for("已保存")
        terminal.press("f4")
        terminal.wait_for("办结到期")
        terminal.press("csgl", "f4")
        terminal.wait_for("已立")
        terminal.press("f9")
        terminal.wait_for("话后整理")
        terminal.press("leader")
        terminal.wait_for("按一个字母")
        terminal.press("q")
        assert terminal.ended().code == 0
    [row] = sqlite_utils.Database(home / SEAT_FILE)["work_order"].rows
    assert (row["kind"], row["lead"], row["status"]) == ("求助", "城市管理局", "dispatched")
    opened = on_file(home)
    try:
        order = opened.records.order(str(row["number"]))
        call = opened.records.call(order.call)
    finally:
        opened.close()
    assert order.details.content == "鼓楼区五四路路灯坏了，请帮忙修"
    assert call.matters[0].outcome == Ordered(order.id, order.number)


def test_what_was_shown_as_saved_survives_being_killed_at_any_moment(home: Path) -> None:
    chance = random.Random(12345)
    promised, sentence, renewed = "", 0, 0
    for round_ in range(ROUNDS):
        with Terminal(home, arguments=ARGUMENTS) as terminal:
            if round_ == 0:
                take(terminal)
                began = time.time()
            else:
                terminal.wait(partial(_holds, terminal, promised))
                _clock_runs_on(terminal, began)
            shown: list[tuple[float, str]] = [(time.time(), terminal.note if round_ else "")]
            for _ in range(chance.randrange(3, 10)):
                sentence += 1
                terminal.press(f"第{sentence}句，")
                terminal.wait(partial(_holds, terminal, f"第{sentence}句，"))
                shown.append((time.time(), terminal.note))
                terminal.rest(chance.random() * 0.7)
            terminal.rest(chance.random())
            saved = _saved_at(terminal)
            terminal.signal(signal.SIGKILL)
            assert terminal.ended().signal == signal.SIGKILL
        kept = max((note for at, note in shown if at + SLACK < saved), key=len, default=promised)
        assert note_on_file(home).startswith(kept)
        renewed += kept != promised
        promised = note_on_file(home)
    assert renewed > 0
    assert "第1句，" in promised


def _holds(terminal: Terminal, text: str) -> bool:
    return text in terminal.note


def _saved_at(terminal: Terminal) -> float:
    """The moment the status line names, as seconds since the epoch; 0 where it names none."""
    found = re.search(r"已保存 (\d\d):(\d\d):(\d\d)", terminal.text)
    if found is None:
        return 0.0
    hours, minutes, seconds = (int(part) for part in found.groups())
    now = time.time()
    day_began = now - (now + 8 * 3600) % 86400
    moment = day_began + hours * 3600 + minutes * 60 + seconds
    return moment if moment < now + 1 else moment - 86400


def _clock_runs_on(terminal: Terminal, began: float) -> None:
    """The call's clock counts from when the call was taken, not from the restart."""
    found = re.search(r"通话 (\d\d):(\d\d)  13800138000", terminal.text)
    assert found is not None, terminal.text
    shown = int(found[1]) * 60 + int(found[2])
    assert abs(shown - (time.time() - began)) < 10


def test_after_a_kill_the_cursor_stands_where_it_stood(home: Path) -> None:
    with Terminal(home, arguments=ARGUMENTS) as terminal:
        take(terminal)
        terminal.press("路灯亮", "left")
        terminal.wait(lambda: _on_disk(home, "路灯亮", cursor=(0, 2)))
        terminal.signal(signal.SIGKILL)
        terminal.ended()
    with Terminal(home, arguments=ARGUMENTS) as terminal:
        terminal.wait_for("路灯亮")
        terminal.press("不")
        terminal.wait_for("路灯不亮")


def _on_disk(home: Path, note: str, cursor: tuple[int, int]) -> bool:
    opened = on_file(home)
    try:
        drafts = opened.store.drafts.list()
    finally:
        opened.close()
    return bool(drafts) and drafts[0].fields["note"] == note and drafts[0].cursor == cursor


@pytest.mark.parametrize("how", ["window closed", "hang-up signal"])
def test_when_the_terminal_goes_away_the_text_is_saved_and_the_program_ends_by_itself(home: Path, how: str) -> None:
    with Terminal(home, arguments=ARGUMENTS) as terminal:
        take(terminal)
        terminal.press("话还没有说完")
        terminal.wait_for("话还没有说完")
        if how == "window closed":
            terminal.hang_up()
        else:
            terminal.signal(signal.SIGHUP)
        assert terminal.ended().code == 0
        assert terminal.left_over() == []
    assert note_on_file(home) == "话还没有说完"


def test_a_call_can_be_worked_on_in_80_columns_and_24_lines(home: Path) -> None:
    with Terminal(home, columns=80, lines=24, arguments=ARGUMENTS) as terminal:
        take(terminal)
        terminal.press("楼下有人拿刀打架")
        terminal.wait_for("转110 警情")
        terminal.wait_for("^G 全部")
        terminal.press("f3")
        terminal.wait_for("数字选择")
        assert "用哪条答复" in terminal.text


@pytest.mark.parametrize(("columns", "lines"), [(79, 24), (80, 23)])
def test_a_smaller_terminal_is_told_what_it_lacks(home: Path, columns: int, lines: int) -> None:
    with Terminal(home, columns=columns, lines=lines, arguments=ARGUMENTS) as terminal:
        terminal.wait_for("80")
        assert terminal.ended().code not in (0, None)
        assert "24" in terminal.text
        assert "Traceback" not in terminal.text


def test_an_order_is_opened_from_my_orders_and_undone_on_one_key_in_a_real_terminal(home: Path) -> None:
    opened = on_file(home)
    try:
        raising = intake.raise_order(opened.desk, "", "", form("fujian"), intake.Telling())
    finally:
        opened.close()
    with Terminal(home, arguments=ARGUMENTS) as terminal:
        terminal.wait_for("F2 接听")
        terminal.press("f4")
        terminal.wait_for("五四路路灯不亮")
        terminal.press("enter")
        terminal.wait_for("现在能办")
        terminal.press("u")
        terminal.wait_for("已作废")
    opened = on_file(home)
    try:
        assert opened.desk.order(raising.order).status == "voided"
    finally:
        opened.close()
