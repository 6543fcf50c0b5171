"""Signing in at the monitor's page where the seat has a server: nothing is shown before the server let somebody in."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web

from agent_console.clock import Clock
from agent_console.desk.at_work import signed_in
from agent_console.desk.signing_in import sign_in_at, unlock_at
from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.settings import Settings
from agent_console.sync.session import SignInUnheard
from agent_console.texts import sentence

COOKIE = "agent_console_signed_in"
_PATH = "/sign-in"
_PAGE = "sign_in.html"


class PageSignIn:
    """Lets pages in whose reader has signed in, one account at a time: the pages share the seat's session."""

    def __init__(self, home: Path, settings: Settings, clock: Clock) -> None:
        """At the settings' server; nobody is asked where there is none."""
        self._home = home
        self._settings = settings
        self._clock = clock
        self._let_in: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    async def instead(self, request: web.Request) -> web.Response | None:
        """What is served in place of the monitor; None for who has signed in."""
        if not self._settings.server:
            return None
        if request.method == "POST" and request.path == _PATH:
            return await self._sign_in(request)
        session = await asyncio.to_thread(signed_in, self._home, self._settings, self._clock)
        if session is not None and request.cookies.get(COOKIE, "") in self._let_in:
            return None
        return self._form(request, "") if request.path == "/" else web.Response(status=401)

    async def _sign_in(self, request: web.Request) -> web.Response:
        told = await request.post()
        account, password = (str(told.get(name, "")) for name in ("account", "password"))
        try:
            async with self._one_at_a_time:
                await asyncio.to_thread(self._ask_server, account.strip(), password)
        except ConsoleError as error:
            return self._form(request, sentence(error.message))
        page, known = web.HTTPSeeOther("/"), secrets.token_urlsafe(24)
        self._let_in.add(known)
        answer = web.Response(status=page.status, headers={"Location": "/"})
        answer.set_cookie(COOKIE, known, httponly=True, samesite="Strict")
        return answer

    def _ask_server(self, account: str, password: str) -> None:
        session = signed_in(self._home, self._settings, self._clock)
        if session is not None and session.account != account:
            raise BadInput("error.monitor_web_taken", "advice.monitor_web_taken", name=session.name)
        try:
            sign_in_at(self._home, self._settings, self._clock, account, password)
        except SignInUnheard:
            unlock_at(self._home, self._settings, self._clock, account, password)

    def _form(self, request: web.Request, wrong: str) -> web.Response:
        told = {"server": self._settings.server, "wrong": wrong}
        return aiohttp_jinja2.render_template(_PAGE, request, told, status=401 if wrong else 200)
