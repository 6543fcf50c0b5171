"""The search over the articles of a seat's file: its index stands in a file beside, and follows every change.

The articles are the truth. A few changes are taken in on top of the file; after many, or where the file is missing,
damaged or of another form, it is made anew: a small one at once, a large one in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.errors import StoreError
from agent_console.store.connection import path_of
from knowledge.library import Library, Stand
from knowledge.search.engine import SearchEngine
from knowledge.search.entries import searchable_articles
from knowledge.search.entry import Hit, SearchEntry

if TYPE_CHECKING:
    from knowledge.search.pool import ParentOf
    from knowledge.search.segment import Segment

INDEX_FILE = "search.index"
"""Name of the file in the console's home."""
MOST_ON_TOP = 500
"""Changed entries after which the file is made anew."""
AT_ONCE = 3000
"""Entries up to which that is done at once."""
_BROKEN = (IndexError, ValueError, OverflowError, msgspec.DecodeError)
"""What reading damaged arrays raises."""


class KeptSearch:
    """A search that begins with the file and keeps up with the articles; one thread at a time."""

    def __init__(
        self,
        library: Library,
        path: Path,
        parent_of: ParentOf,
        *,
        at_once: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Open the index. `at_once`: make even a large one before anything is answered; `progress`: how far it is."""
        self._library = library
        self._path = path
        self._at_once = at_once
        self._progress = progress
        self._engine = SearchEngine(parent_of)
        self._stand: Stand | None = None
        self._on_top = 0
        self._maker: _Maker | None = None
        self._damaged = False
        self._read()
        self.refresh()

    def search(self, query: str, *, jurisdiction: str = "", limit: int = 20) -> list[Hit]:
        """As `SearchEngine.search`; an index that turns out to be damaged answers nothing and is made anew."""
        try:
            return self._engine.search(query, jurisdiction=jurisdiction, limit=limit)
        except _BROKEN:
            if self._is_sound():
                raise
            self._damaged = True
            self.refresh()
            return []

    def entry(self, entry_id: str) -> SearchEntry | None:
        """An entry as it is searched; None where there is none."""
        return self._engine.entry(entry_id)

    def __len__(self) -> int:
        return len(self._engine)

    @property
    def read_so_far(self) -> int | None:
        """While the index is made by another process: how many entries it has read."""
        return None if self._maker is None else self._maker.count

    @property
    def is_due(self) -> bool:
        """True where `refresh` has something to do although no article changed."""
        return self._damaged or self._maker is not None

    def refresh(self) -> None:
        """Take in what was released, changed, withdrawn or removed since; also by another process."""
        if self._maker is not None and self._maker.finished():
            self._at_once = self._maker.failed
            self._maker = None
            self._read()
        if self._damaged:
            self._damaged, self._stand = False, None
            self._path.unlink(missing_ok=True)
        now = self._library.stand()
        if self._stand is None or self._library.stand(self._stand.revision) != self._stand:
            self._make()
        elif now is not None and now != self._stand:
            self._catch_up(self._stand, now)

    def close(self) -> None:
        """Let go of the process that makes the index, if one does."""
        if self._maker is not None:
            self._maker.stop()
            self._maker = None

    def _read(self) -> None:
        from knowledge.search.index_file import IndexFile

        found = IndexFile(self._path).read()
        if found is not None:
            self._use(*found)
            Thread(target=self.check, name="index check", daemon=True).start()

    def _use(self, segment: Segment, stand: Stand) -> None:
        self._engine.use(segment)
        self._stand, self._on_top = stand, 0

    def check(self) -> None:
        """Read the whole file; where it is damaged the next `refresh` makes it anew. Done beside the first keys."""
        self._damaged = not self._is_sound()

    def _is_sound(self) -> bool:
        from knowledge.search.index_file import IndexFile

        return IndexFile(self._path).is_sound()

    def _catch_up(self, before: Stand, now: Stand) -> None:
        count = self._library.count_since(before.revision)
        self._on_top += count
        if self._on_top > MOST_ON_TOP:
            self._make()
        if self._stand is before:
            if count <= MOST_ON_TOP:
                self._take_in(before.revision)
            self._stand = now

    def _take_in(self, revision: int) -> None:
        changed = self._library.changed_since(revision)
        withdrawn = [entry.id for entry in changed if entry.status != "active"]
        for entry_id in (*self._library.gone_since(revision), *withdrawn):
            self._engine.remove(entry_id)
        self._engine.put(*searchable_articles(changed))

    def _make(self) -> None:
        if self._at_once or self._library.size() <= AT_ONCE:
            made = make(self._library, self._path, self._progress)
            if made is None:
                self._engine.build(())
                self._stand = self._library.stand()
            else:
                self._use(*made)
        elif self._maker is None:
            self._maker = _Maker(path_of(self._library.connection), self._path)


def make(library: Library, path: Path, progress: Callable[[int], None] | None = None) -> tuple[Segment, Stand] | None:
    """Make the index of a knowledge base; None where no entry holds. Where no file can be written it is in memory."""
    from knowledge.search.index_file import IndexFile
    from knowledge.search.packing import pack
    from knowledge.search.segment import Segment

    stand, articles = library.snapshot()
    entries = list(searchable_articles(articles))
    if not entries:
        return None
    packed = pack(entries, progress)
    file = IndexFile(path)
    with suppress(StoreError):
        file.write(packed, stand)
        if (found := file.read()) is not None:
            return found
    return Segment(packed), stand


class _Maker:
    """A process that makes the index and says how far it is."""

    def __init__(self, seat_file: Path, path: Path) -> None:
        command = [sys.executable, "-m", "knowledge.search.making", str(seat_file), str(path)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.count = 0
        self._reader = Thread(target=self._follow, name="index progress", daemon=True)
        self._reader.start()

    def _follow(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.count = int(line)

    def finished(self) -> bool:
        """True once it has ended."""
        return self._process.poll() is not None

    @property
    def failed(self) -> bool:
        """True where it ended without having made the index."""
        return self._process.returncode != 0

    def stop(self) -> None:
        """End it; what it wrote so far is not in place."""
        self._process.terminate()
        self._process.wait()
        self._reader.join()
