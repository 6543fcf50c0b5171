"""Random changes of a knowledge base; as a program it makes them until it is killed, and says which are done."""

from __future__ import annotations

import random
import sys
from contextlib import closing
from pathlib import Path

from agent_console.store.connection import open_connection
from knowledge.article import Article
from knowledge.library import Import, Library
from knowledge.search.kept import make

_LETTERS = "路灯停水社保卡补办道噪音医挂号"
_DOCUMENT = "street"


def article(number: int, title: str, status: str = "active") -> Article:
    """An entry that is nothing but its title."""
    return Article(id=f"a-{number}", title=title, body="请说地点。", doc="town", status=status, origin="submitted")  # type: ignore[arg-type]


class Changes:
    """Adds, changes, withdraws and removes entries of a library, by chance."""

    def __init__(self, library: Library, chance: random.Random) -> None:
        self._library = library
        self._chance = chance
        self._street = 0

    def title(self) -> str:
        """Six characters out of fifteen, so that some stretches stand in several titles."""
        return "".join(self._chance.choices(_LETTERS, k=6))

    def one(self) -> str:
        """One change, committed when this returns; the title that was written, empty where one was taken out."""
        number, kind = self._chance.randrange(200), self._chance.random()
        if kind < 0.65:
            title = self.title()
            self._library.edit(article(number, title))
            return title
        if kind < 0.9:
            self._library.edit(article(number, self.title(), "withdrawn"))
            return ""
        self._street = self._chance.randrange(12)
        entries = [
            Article(id=f"s-{place}", title=self.title(), body="在。", doc=_DOCUMENT, origin="import")
            for place in range(self._street)
        ]
        self._library.replace_document(Import(_DOCUMENT, "street.txt", 1, len(entries), 0, 0), entries)
        return entries[-1].title if entries else ""


def plain_scan(library: Library, typed: str) -> set[str]:
    """Entries that hold and whose title contains what was typed."""
    return {entry.id for entry in library.entries() if entry.status == "active" and typed in entry.title}


def main(seat_file: Path, index_file: Path, seed: int) -> None:
    """Change, and make the index anew after every third change, for ever."""
    with closing(open_connection(seat_file)) as connection:
        library = Library(connection)
        changes = Changes(library, random.Random(seed))
        while True:
            for _ in range(3):
                print(changes.one(), flush=True)
            make(library, index_file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
