"""A real Chromium without a window, driven over its own debugging line (Chrome DevTools Protocol)."""

from __future__ import annotations

import asyncio
import base64
import itertools
import shutil
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

PATIENCE = 60.0
NAMES = ("chromium", "chromium-browser", "google-chrome")
_PORT_FILE = "DevToolsActivePort"
_NOT_HERE = ("--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync")


def installed() -> str:
    """Where a Chromium is on this machine, empty where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


class Tab:
    """One page: what it loaded, what went wrong in it, and what its line brought."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        """Listen on the page's debugging line."""
        self._line = line
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self.brought = ""
        """Bytes of the page's own web sockets, as text."""
        self.asked_for: list[str] = []
        """Addresses it asked for."""
        self.wrong: list[str] = []
        """Errors of its scripts and refusals of its policy."""

    async def listen(self) -> None:
        """Read what the page tells until it goes."""
        async for message in self._line:
            told = msgspec.json.decode(message.data)
            if "id" in told:
                self._asked.pop(told["id"]).set_result(told.get("result", told.get("error")))
            else:
                self._heard(told["method"], told["params"])

    def _heard(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.webSocketFrameReceived":
            frame = told["response"]
            payload = frame["payloadData"]
            is_text = frame["opcode"] == 1
            self.brought += payload if is_text else base64.b64decode(payload).decode("utf-8", "replace")
        elif method == "Network.requestWillBeSent":
            self.asked_for.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.wrong.append(told["exceptionDetails"]["text"])
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.wrong.append(told["entry"]["text"])

    async def ask(self, method: str, **params: Any) -> Any:
        """Send one command and wait for its answer."""
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        await self._line.send_str(msgspec.json.encode({"id": number, "method": method, "params": params}).decode())
        return await asyncio.wait_for(answer, PATIENCE)

    async def open(self, address: str) -> None:
        """Go to an address."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")
        await self.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        await self.ask("Page.navigate", url=address)

    async def value(self, script: str) -> Any:
        """What a script says in the page."""
        answer = await self.ask("Runtime.evaluate", expression=script)
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Until a script says yes."""
        async with asyncio.timeout(PATIENCE):
            while not await self.value(script):
                await asyncio.sleep(0.05)

    async def until_shown(self, words: str, since: int = 0) -> int:
        """Until the page was brought these words; how much it had been brought by then, in characters."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.brought[since:]:
                await asyncio.sleep(0.05)
        return len(self.brought)

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.ask("Input.insertText", text=text)

    async def press(self, key: str, code: int) -> None:
        """Press and let go of a key that writes nothing, by its name and its number on the keyboard."""
        for kind in ("rawKeyDown", "keyUp"):
            await self.ask(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                nativeVirtualKeyCode=code,
            )

    async def picture(self) -> bytes:
        """A PNG of what is seen."""
        return base64.b64decode((await self.ask("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def chromium(program: str, folder: Path) -> AsyncIterator[Tab]:
    """One page of a browser with an empty profile in `folder`; page and browser end with the block."""
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,800", *_NOT_HERE]
    words += ["--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"]
    process = await asyncio.create_subprocess_exec(program, *words, stdout=DEVNULL, stderr=DEVNULL)
    try:
        async with aiohttp.ClientSession() as session, session.ws_connect(await _line(session, folder)) as line:
            tab = Tab(line)
            listening = asyncio.create_task(tab.listen())
            try:
                yield tab
            finally:
                with suppress(ConnectionError):
                    await tab.ask("Page.close")
                listening.cancel()
    finally:
        await _end(process)


async def _line(session: aiohttp.ClientSession, folder: Path) -> str:
    async with asyncio.timeout(PATIENCE):
        while not _written(folder / _PORT_FILE):
            await asyncio.sleep(0.05)
        port = _written(folder / _PORT_FILE)[0]
        while True:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                for page in await answer.json():
                    if page["type"] == "page":
                        return str(page["webSocketDebuggerUrl"])


def _written(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        process.kill()
