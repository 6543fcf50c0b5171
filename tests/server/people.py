"""A server with people: one line with confidential orders, a lead and an operator, on either store."""

from __future__ import annotations

from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from agent_console.server.ops.making import make_app
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.admin import Administration
from agent_console.server.people.keys import Cabinet
from agent_console.server.store.database import Database
from agent_console.server.web.trouble import Refused
from tests.support.clock import SettableClock

LINE = "binzhou"
PASSWORD = "一句够长的口令-2026"
UNIT = "城市管理局"
MASTER = bytes(range(32))
HOST = "http://server.test"


class Server:
    """A running application, spoken to as a seat would."""

    def __init__(self, database: Database, clock: SettableClock, settings: ServerSettings | None = None) -> None:
        self.clock = clock
        self.database = database
        self.settings = settings or ServerSettings()
        self.cabinet = Cabinet(database, MASTER)
        self.people = Administration(self.settings, database, clock)
        self.app: Starlette
        self.served: ASGIApp
        self.app, self.served = make_app(self.settings, database, clock, self.cabinet)
        transport = httpx.ASGITransport(self.served, raise_app_exceptions=False)
        self.shown: dict[str, str] = {}
        self.client = httpx.AsyncClient(transport=transport, base_url=HOST)

    async def begin(self) -> None:
        """One line and three accounts."""
        await self.people.begin(LINE, self.cabinet)
        await self.people.add(LINE, "lead1", "李班长", "lead", "", PASSWORD)
        await self.people.add(LINE, "op1", "张三", "operator", "", PASSWORD)
        await self.people.add(LINE, "clerk1", "示例乙", "unit_clerk", UNIT, PASSWORD)

    async def try_sign_in(self, account: str = "op1", password: str = PASSWORD, **more: str) -> httpx.Response:
        """Ask for a session at seat 12."""
        asked = {"account": account, "password": password, "device": f"device-of-{account}", "seat": "12"}
        return await self.client.post("/v1/sign-in", json={**asked, "jurisdiction": LINE, **more})

    async def sign_in(self, account: str = "op1", **more: str) -> dict[str, Any]:
        """A session."""
        answer = await self.try_sign_in(account, **more)
        assert answer.status_code == 200, answer.text
        session: dict[str, Any] = answer.json()
        return session

    async def renew(self, refresh: str, **more: str) -> httpx.Response:
        """Ask for a session with the word of the last one."""
        return await self.client.post("/v1/refresh", json={"refresh": refresh, **more})

    async def door(self, token: str) -> str:
        """What the door says to a token: "" where it lets in, else the code of the refusal."""
        try:
            await self.app.state.sessions.of_token(token)
        except Refused as refused:
            return refused.answer.error.code
        return ""


def bearer(token: str) -> dict[str, str]:
    """The header a token travels in."""
    return {"authorization": f"Bearer {token}"}


def code_of(answer: httpx.Response) -> str:
    """The stable word of a refusal."""
    code: str = answer.json()["error"]["code"]
    return code
