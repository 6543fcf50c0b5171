"""A network cable between a seat and its server on this machine, which can be pulled out and put back."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 1 << 16
_LOOK_SECONDS = 0.05


class Wire:
    """Passes on what comes, in both directions; while it is cut nobody gets through and open lines are dead."""

    def __init__(self, port: int) -> None:
        """Towards this port."""
        self._towards = port
        self._cut = threading.Event()
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        """Pull it out."""
        self._cut.set()

    def mend(self) -> None:
        """Put it back."""
        self._cut.clear()

    def end(self) -> None:
        """No longer needed."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        self._listening.settimeout(_LOOK_SECONDS)
        while not self._ended.is_set():
            with suppress(TimeoutError):
                near, _ = self._listening.accept()
                thread = threading.Thread(target=self._carry, args=(near,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if self._cut.is_set():
                return
            with socket.create_connection(("127.0.0.1", self._towards)) as far, selectors.DefaultSelector() as ready:
                ready.register(near, selectors.EVENT_READ, far)
                ready.register(far, selectors.EVENT_READ, near)
                while not (self._cut.is_set() or self._ended.is_set()):
                    for key, _ in ready.select(_LOOK_SECONDS):
                        assert isinstance(key.fileobj, socket.socket)
                        data = key.fileobj.recv(_PIECE)
                        if not data:
                            return
                        key.data.sendall(data)


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """A wire to a port."""
    made = Wire(port)
    try:
        yield made
    finally:
        made.end()
