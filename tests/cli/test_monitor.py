"""`agent-console monitor`: for scripts, in a terminal that goes away, in a browser that goes away."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from agent_console.desk.calls import abuse, intake
from agent_console.desk.calls.abuse import Warned
from agent_console.resources.rule_books import house
from agent_console.settings import Settings, save_settings

from ..conftest import Office
from ..screens.terminal import ROOT, Terminal
from ..support.line_server import PASSWORD, LineServer, line_server
from ..support.monitor_page import Served
from ..support.rule_of import facts
from .conftest import CLERK, Ask

PATIENCE = 60.0
SETTINGS = Settings(jurisdiction="fujian", seat="3", operator="张三")


def test_one_look_for_a_script_names_lists_alarms_and_figures_and_no_caller(ask: Ask, order: str) -> None:
    ask("order", "dispatch", order, "-j", "FJ")
    answer = ask("monitor", "--once", "--json", "--jurisdiction", "FJ")
    assert answer.code == 0
    seen = answer.json
    assert seen["source"] == "mirror"
    assert seen["counts"]["unsigned"] == 1
    assert [one["number"] for one in seen["orders"]["unsigned"]] == [order]
    assert set(seen) >= {"seats", "alarms", "topics", "hot", "curve", "figures"}
    assert "13800000001" not in answer.out
    assert "示例甲" not in answer.out


def test_a_call_that_was_ended_for_abuse_is_among_the_alarms(
    ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:05:00+08:00")
    seat = office("hebi")
    _, call = intake.take_call(seat.desk, "13800000001")
    warned = Warned("security_superstition_abuse", 2, ("which:1", "explain_abuse:next"))
    facts(abuse.end(seat.desk, call, warned, intake.Telling("骂人"), "骚扰", house().invalid_reasons))
    answer = ask("monitor", "--once", "--json", "--jurisdiction", "hebi")
    [alarm] = [one for one in answer.json["alarms"] if one["kind"] == "abuse"]
    assert (alarm["call"], alarm["operator"], alarm["by"]) == (call, seat.desk.actor.name, "")
    assert "13800000001" not in answer.out


def test_without_json_the_counts_are_told_in_words(ask: Ask, order: str) -> None:
    answer = ask("monitor", "--once", "--jurisdiction", "FJ")
    assert answer.code == 0
    assert "未签收  " in answer.out


def test_somebody_who_does_not_lead_is_told_by_whom(ask: Ask, order: str) -> None:
    answer = ask("monitor", "--once", "--jurisdiction", "FJ", CLERK)
    assert answer.code == 3
    assert "班长" in answer.err


@pytest.fixture
def seat(home: Path) -> Path:
    """A home with a seat in it."""
    home.mkdir()
    save_settings(home, SETTINGS)
    return home


@pytest.mark.parametrize("how", ["window closed", "hang-up signal", "killed softly"])
def test_a_monitor_whose_terminal_goes_away_ends(seat: Path, how: str) -> None:
    with Terminal(seat, arguments=("monitor",)) as terminal:
        terminal.wait_for("班长台")
        terminal.wait_for("没有告警")
        if how == "window closed":
            terminal.hang_up()
        else:
            terminal.signal(signal.SIGHUP if how == "hang-up signal" else signal.SIGTERM)
        assert terminal.ended().code == 0
        assert terminal.left_over() == []


def test_in_a_small_terminal_every_list_can_be_reached(seat: Path, office: Office) -> None:
    with Terminal(seat, columns=80, lines=24, arguments=("monitor",)) as terminal:
        terminal.wait_for("没有告警")
        terminal.press("\x1b[D")
        terminal.wait_for("热点事件")
        terminal.press("s")
        terminal.wait_for("本班数字")


# in a browser


@pytest.fixture
def served(seat: Path, unused_tcp_port: int) -> Iterator[Served]:
    """The monitor's page, on this machine only."""
    page = Served(seat, unused_tcp_port)
    yield page
    page.end()


async def until_none(page: Served) -> None:
    """Until no monitor of this page is left."""
    async with asyncio.timeout(PATIENCE):
        while page.monitors():
            await asyncio.sleep(0)


async def shown(socket: aiohttp.ClientWebSocketResponse, words: str) -> str:
    """What the page was sent until these words stood in it."""
    text = ""
    async with asyncio.timeout(PATIENCE):
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                text += message.data.decode("utf-8", "replace")
            if words in text:
                return text
    raise AssertionError(text)


async def test_a_page_shows_the_monitor_and_ends_with_the_page(served: Served) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(served.address) as page:
            assert page.status == 200
            assert "default-src 'self'" in page.headers["Content-Security-Policy"]
            assert served.base.removeprefix("http:") in await page.text()
        async with browser.ws_connect(f"{served.base}/ws?width=120&height=40") as socket:
            await shown(socket, "班长台")
            assert len(served.monitors()) == 1
        await until_none(served)


async def test_a_page_whose_server_is_killed_leaves_no_monitor_behind(served: Served) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await (await browser.get(served.address)).release()
        async with browser.ws_connect(f"{served.base}/ws?width=120&height=40") as socket:
            await shown(socket, "班长台")
            [monitor] = served.monitors()
            served.process.kill()
            async with asyncio.timeout(PATIENCE):
                while Path(f"/proc/{monitor}").exists():
                    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/", {}), ("/?key=guessed", {}), ("/ws", {}), ("/?key={key}", {"Origin": "http://elsewhere.example"})],
)
async def test_without_the_key_or_from_another_site_nothing_is_served(
    served: Served, path: str, headers: dict[str, str]
) -> None:
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(served.base + path.format(key=served.key), headers=headers) as page,
    ):
        told: Any = await page.text()
        assert (page.status, "完整网址" in told) == (403, True)


@pytest.fixture
def line() -> Iterator[LineServer]:
    """A server at which the seat's people sign in."""
    with line_server() as server:
        server.people["zhang"] = msgspec.structs.replace(server.people["zhang"], role="lead")
        yield server


@pytest.fixture
def behind_server(home: Path, line: LineServer, unused_tcp_port: int) -> Iterator[Served]:
    """The page of a seat that has a server."""
    save_settings(home, msgspec.structs.replace(SETTINGS, server=line.address))
    page = Served(home, unused_tcp_port)
    yield page
    page.end()


async def test_with_a_server_nothing_is_shown_before_it_let_somebody_in(behind_server: Served) -> None:
    page, socket = behind_server, f"{behind_server.base}/ws?width=120&height=40"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(page.address) as form:
            assert "账号" in await form.text()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await browser.ws_connect(socket)
        for told, status, words in (("wrong", 401, "没有登录成"), (PASSWORD, 200, "textual")):
            asked = {"account": "zhang", "password": told}
            async with browser.post(f"{page.base}/sign-in", data=asked) as answer:
                assert (answer.status, words in await answer.text()) == (status, True)
        async with browser.post(f"{page.base}/sign-in", data={"account": "li", "password": PASSWORD}) as other:
            assert "已由张三登录" in await other.text()
        async with browser.ws_connect(socket) as opened:
            await shown(opened, "班长台")
        await until_none(page)
    async with aiohttp.ClientSession() as stranger, stranger.get(page.address) as form:
        assert "账号" in await form.text()


async def test_the_page_is_on_this_machine_only_unless_told_otherwise(served: Served) -> None:
    assert served.base.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_told(seat: Path, served: Served) -> None:
    port = served.base.rpartition(":")[2]
    words = [sys.executable, "-m", "agent_console", "monitor", "--web", "--port", port]
    environment = {**os.environ, "AGENT_CONSOLE_HOME": str(seat)}
    found = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert port in found.stderr
    assert "Traceback" not in found.stderr
