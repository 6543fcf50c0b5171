"""`monitor --web` in a real Chromium: seen, steered by keys alone, and gone with its page."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from agent_console.settings import Settings, save_settings

from ..support.chromium import Tab, chromium, installed
from ..support.line_server import PASSWORD, line_server
from ..support.monitor_page import PATIENCE, Served

SETTINGS = Settings(jurisdiction="fujian", seat="3", operator="张三")
F8 = 119

pytestmark = pytest.mark.skipif(not installed(), reason="there is no Chromium on this machine")


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    """A page of a browser."""
    async with chromium(installed(), tmp_path / "browser") as page:
        yield page


@pytest.fixture
def page(home: Path, unused_tcp_port: int) -> Iterator[Served]:
    """The monitor of a lone seat, served."""
    home.mkdir()
    save_settings(home, SETTINGS)
    served = Served(home, unused_tcp_port)
    yield served
    served.end()


@pytest.fixture
def behind_server(home: Path, unused_tcp_port: int) -> Iterator[Served]:
    """That of a seat whose server lets a lead in."""
    home.mkdir()
    with line_server() as server:
        server.people["zhang"] = msgspec.structs.replace(server.people["zhang"], role="lead")
        save_settings(home, msgspec.structs.replace(SETTINGS, server=server.address))
        served = Served(home, unused_tcp_port)
        yield served
        served.end()


async def test_the_page_is_steered_by_keys_and_loads_nothing_from_elsewhere(page: Served, tab: Tab) -> None:
    await tab.open(page.address)
    await tab.until_shown("没有告警")
    before = await tab.picture()
    await tab.press("F8", F8)
    await tab.until_shown("本班数字")
    assert await tab.picture() != before
    assert tab.wrong == []
    assert [address for address in tab.asked_for if not address.startswith((page.base, "data:"))] == []
    assert len(page.monitors()) == 1
    await tab.open("about:blank")
    async with asyncio.timeout(PATIENCE):
        while page.monitors():
            await asyncio.sleep(0.05)


async def test_with_a_server_the_browser_asks_who_reads(behind_server: Served, tab: Tab) -> None:
    await tab.open(behind_server.address)
    await tab.until("document.activeElement.name === 'account'")
    await tab.type("zhang")
    await tab.value("document.querySelector('[name=password]').focus()")
    await tab.type(PASSWORD)
    await tab.value("document.querySelector('button').click()")
    await tab.until_shown("班长台")
    assert tab.wrong == []


async def test_a_monitor_that_ends_by_itself_is_said_in_the_page(page: Served, tab: Tab) -> None:
    await tab.open(page.address)
    await tab.until_shown("没有告警")
    [monitor] = page.monitors()
    os.kill(monitor, signal.SIGTERM)
    await tab.until("document.body.classList.contains('-closed')")
    assert "重新打开" in await tab.value("document.querySelector('.ended').innerText")
    shown = len(tab.brought)
    await tab.value("document.querySelector('.ended button').click()")
    await tab.until_shown("没有告警", shown)
