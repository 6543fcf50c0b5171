"""The line that goes wrong does what it says: a campaign on a line that was fine would prove nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import httpx
import pytest

from .proxy import FaultyLine, Weather


class Counting:
    """A server that counts what reaches it whole."""

    def __init__(self) -> None:
        self.served = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
                )
                await reader.readexactly(length)
                self.served += 1
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n"
                    + b'{"fine":true}'
                )
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def asked_through(weather: Weather) -> AsyncIterator[tuple[Counting, httpx.AsyncClient]]:
    counting = Counting()
    server = await asyncio.start_server(counting.serve, "127.0.0.1", 0)
    line = FaultyLine([server.sockets[0].getsockname()[1]], Random(1))
    await line.start()
    line.weather = weather
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{line.port}", trust_env=False, timeout=10) as client:
        yield counting, client
    await line.stop()
    server.close()


async def test_in_calm_weather_everything_comes_through_as_it_was_said() -> None:
    async with asked_through(Weather()) as (server, client):
        answer = await client.post("/", content=b"x" * 5000)
        assert (answer.status_code, answer.json(), server.served) == (200, {"fine": True}, 1)


@pytest.mark.parametrize(
    ("weather", "served"),
    [(Weather(reset=1), 0), (Weather(lost=1), 1), (Weather(truncated=1), 1)],
    ids=["before the server", "after the server", "half an answer"],
)
async def test_a_cut_line_gives_no_answer_whether_or_not_it_was_served(weather: Weather, served: int) -> None:
    async with asked_through(weather) as (server, client):
        with pytest.raises(httpx.HTTPError):
            await client.post("/", content=b"x" * 5000)
        assert server.served == served


async def test_a_doubled_request_is_served_twice_and_answered_once() -> None:
    async with asked_through(Weather(doubled=1)) as (server, client):
        assert (await client.post("/", content=b"x")).json() == {"fine": True}
        assert server.served == 2


async def test_somebody_else_answers_in_place_of_the_server() -> None:
    async with asked_through(Weather(status=1, statuses=(200,))) as (server, client):
        answer = await client.post("/", content=b"x")
        assert (answer.status_code, answer.headers["content-type"], server.served) == (200, "text/html", 0)
