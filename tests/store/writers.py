"""Processes that write into a seat's file, so that they can be killed or let loose on each other.

`python -m tests.store.writers` reads commands from standard input, one a line, and forks a process for each: what
takes long to import is imported once.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import traceback
from itertools import count
from pathlib import Path
from types import TracebackType

from agent_console.store.drafts import Draft
from agent_console.store.encrypted import is_encrypted
from agent_console.store.encrypting import convert
from agent_console.store.outbox import KeptStep
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, Noted, SettableClock

ROOT = Path(__file__).parents[2]


def write_for_ever(path: Path) -> None:
    """Append an event and save a draft, again and again; tell of each only after the commit has returned."""
    with Store.open(path, SettableClock()) as store:
        for number in count(store.log.version(CALL)):
            with store.transaction():
                fact = Noted("电话", f"第{number}句")
                [event] = store.log.append([fact], stream=CALL, expected_version=number, context=CONTEXT)
                told = KeptStep(CALL, number, "test.note", b'{"text":"1"}', (event.envelope.id,))
                store.outbox.add(told, CONTEXT)
                running = store.numbers.draw().running
            _tell(f"event {event.envelope.id} {running}")
            store.drafts.save(Draft(CALL, {"note": str(number)}, cursor=(0, number)))
            _tell(f"draft {number}")


def write_some(path: Path, stream: str, number: int) -> None:
    """Append a given number of events to a stream, one transaction each, the file kept open."""
    with Store.open(path, SettableClock()) as store:
        for version in range(number):
            store.log.append([Noted("电话", "甲")], stream=stream, expected_version=version, context=CONTEXT)


def open_and_write(path: Path, stream: str, number: int) -> None:
    """The same as a loop of a shell would do it: open, append one, close."""
    for version in range(number):
        with Store.open(path, SettableClock()) as store:
            store.log.append([Noted("网络", "乙")], stream=stream, expected_version=version, context=CONTEXT)


def convert_for_ever(path: Path) -> None:
    """Encrypt and decrypt a file again and again; tell of each part of the work."""
    while True:
        convert(path, to_encrypted=not is_encrypted(path), told=_tell)


class Writers:
    """The running server of processes, from the side of the test."""

    def __enter__(self) -> Writers:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.store.writers"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.communicate()

    def start(self, *command: object) -> int:
        """Start a process that runs a command; returns its id."""
        assert self._server.stdin
        self._server.stdin.write(" ".join(map(str, command)) + "\n")
        [word, process] = self.line().split()
        assert word == "started"
        return int(process)

    def line(self) -> str:
        """The next line that a process or the server says."""
        assert self._server.stdout
        said = self._server.stdout.readline()
        assert said, "the server of processes has ended"
        return said.strip()

    def kill(self, process: int) -> list[str]:
        """Kill it without a warning; returns what it had still said."""
        os.kill(process, signal.SIGKILL)
        return self.until_over(process)

    def until_over(self, *processes: int) -> list[str]:
        """What is said until these processes have ended, one line `over <id> <status>` for each included."""
        lines: list[str] = []
        left = set(processes)
        while left:
            lines.append(self.line())
            if lines[-1].startswith("over "):
                left.discard(int(lines[-1].split()[1]))
        return lines


def _tell(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def _run(words: list[str]) -> None:
    verb, path, *rest = words
    if verb == "write_for_ever":
        write_for_ever(Path(path))
    elif verb == "write_some":
        write_some(Path(path), rest[0], int(rest[1]))
    elif verb == "open_and_write":
        open_and_write(Path(path), rest[0], int(rest[1]))
    elif verb == "convert_for_ever":
        convert_for_ever(Path(path))


def _fork(words: list[str]) -> None:
    process = os.fork()
    if process:
        return
    status = 1
    try:
        _tell(f"started {os.getpid()}")
        _run(words)
        status = 0
    except BaseException:  # noqa: BLE001 - a forked process must never run on into the server's code
        traceback.print_exc()
    finally:
        os._exit(status)


def serve() -> None:
    """Fork a process for each line; report each that has ended."""
    from cryptography.hazmat.primitives.ciphers import aead
    from sqlite_utils import Database
    from uuid6 import uuid7

    assert all((aead, Database, uuid7))
    ended, wake = os.pipe()
    signal.set_wakeup_fd(_unblocked(wake))
    signal.signal(signal.SIGCHLD, lambda *_: None)
    commands = b""
    while True:
        ready, _, _ = select.select([0, ended], [], [])
        if ended in ready:
            os.read(ended, 64)
            _report_ended()
        if 0 in ready:
            arrived = os.read(0, 4096)
            if not arrived:
                return
            *lines, commands = (commands + arrived).split(b"\n")
            for line in lines:
                _fork(line.decode().split())


def _unblocked(descriptor: int) -> int:
    os.set_blocking(descriptor, False)
    return descriptor


def _report_ended() -> None:
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        _tell(f"over {process} {status}")


if __name__ == "__main__":
    serve()
