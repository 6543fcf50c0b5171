"""What the server can be asked, as values: the routes and the published schema are both made of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from agent_console.server.web.ports import Person
from agent_console.server.web.trouble import Refused

if TYPE_CHECKING:
    from agent_console.server.web.services import Services

StructT = TypeVar("StructT")

SMALL_BODY = 64 * 1024
"""Bytes of a body, unless the endpoint says otherwise."""

_EVERYWHERE = (400, 404, 405, 503)


class Asked(msgspec.Struct, frozen=True):
    """One request: who asks (nobody at endpoints without a token), what stands in body and query."""

    request: Request
    services: Services
    nobody: Person | None
    body: Any = None
    query: Any = None

    @property
    def person(self) -> Person:
        """Who asks, at an endpoint that wants a token."""
        assert self.nobody is not None
        return self.nobody

    def named(self, part: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[part])


Handle = Callable[[Asked], Awaitable[Any]]


class Endpoint(msgspec.Struct, frozen=True):
    """One thing the server can be asked.

    name: stable, the operation id. takes: type of the JSON body; query: a struct of the query's fields, all with a
    default; gives: type of the JSON answer. media: of another answer than JSON; takes_media: of another body, which
    stays unread. scope: what the token has to be good for. most: bytes of a body. refuses: statuses beyond those every
    endpoint may answer.
    """

    method: str
    path: str
    name: str
    summary: str
    handle: Handle
    gives: type | None = None
    takes: type | None = None
    query: type[msgspec.Struct] | None = None
    media: str = ""
    takes_media: str = ""
    needs_token: bool = True
    refuses: tuple[int, ...] = ()
    success: tuple[int, ...] = (200,)
    most: int = SMALL_BODY
    scope: str = ""

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that is no success and may be answered."""
        token = (401, 403) if self.needs_token else ()
        body = (408, 413, 415) if self.takes is not None or self.takes_media else ()
        return tuple(sorted({*_EVERYWHERE, *token, *body, *self.refuses}))

    async def answer(self, request: Request) -> Response:
        """Read, ask, write. Raises Refused."""
        services: Services = request.app.state.services
        person = await services.bearer(request) if self.needs_token else None
        if self.scope and (person is None or self.scope not in person.scopes):
            raise Refused(403, "not_your_role")
        if any("\x00" in str(part) for part in request.path_params.values()):
            raise Refused(404, "not_found")
        query = _read_query(request, self.query) if self.query is not None else None
        body = await self._read(request) if self.takes is not None else None
        said = await self.handle(Asked(request, services, person, body, query))
        return said if isinstance(said, Response) else json_answer(said)

    async def _read(self, request: Request) -> Any:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refused(415, "media_type")
        return decoded(await read_body(request, self.most), self.takes)


def json_answer(said: Any, status: int = 200) -> Response:
    """A value as an answer nobody keeps."""
    return Response(msgspec.json.encode(said), status, {"cache-control": "no-store"}, media_type="application/json")


async def read_body(request: Request, most: int) -> bytes:
    """The whole body. Raises Refused where it is larger."""
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > most:
        raise Refused(413, "too_large")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(413, "too_large")
        parts.append(part)
    return b"".join(parts)


def decoded(body: bytes, kind: Any) -> Any:
    """JSON as a value of that type. Raises Refused."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, "malformed") from error


def _read_query(request: Request, kind: type[StructT]) -> StructT:
    told = dict(request.query_params)
    if any("\x00" in value for value in told.values()):
        raise Refused(400, "malformed")
    try:
        return msgspec.convert(told, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, "malformed") from error
