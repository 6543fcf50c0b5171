"""Never a wrong or a missing hit: changes by the thousand, processes killed in between, compared with a plain scan.

`SEARCH_MUTATIONS=10000 pytest tests/knowledge/test_search_mutation.py` is the long run.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent_console.store.connection import open_connection
from knowledge.library import Library
from knowledge.search import kept
from knowledge.search.kept import INDEX_FILE, KeptSearch

from .changing import Changes, article, plain_scan

MUTATIONS = int(os.environ.get("SEARCH_MUTATIONS", "240"))
KILLS = max(3, MUTATIONS // 80)
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_connection(tmp_path / "seat.db")) as opened:
        yield opened


@pytest.fixture
def reader(tmp_path: Path, connection: sqlite3.Connection) -> Iterator[Library]:
    """The knowledge base as another process sees it."""
    with closing(open_connection(tmp_path / "seat.db")) as opened:
        yield Library(opened)


@pytest.fixture
def library(connection: sqlite3.Connection) -> Library:
    return Library(connection)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / INDEX_FILE


def opened(library: Library, index: Path) -> KeptSearch:
    return KeptSearch(library, index, lambda _: "")


def is_made(search: KeptSearch) -> bool:
    return search.read_so_far is not None


def assert_as_scanned(search: KeptSearch, library: Library, typed: str) -> None:
    """Whatever contains the typed characters is among the hits, and every hit stands in the articles as it is shown."""
    hits = {hit.id: hit.title for hit in search.search(typed, limit=60)}
    assert plain_scan(library, typed) <= set(hits), typed
    there = {entry.id: entry.title for entry in library.entries() if entry.status == "active"}
    assert hits.items() <= there.items()
    assert len(search) == len(there)


@pytest.mark.timeout(3600)
def test_no_change_makes_a_wrong_or_missing_hit(
    library: Library, reader: Library, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_ON_TOP", 70)
    chance = random.Random(20260)
    changes = Changes(library, chance)
    search = opened(reader, index)
    written = ["路灯停水社保"]
    for _ in range(MUTATIONS):
        written.append(changes.one() or written[-1])
        search.refresh()
        title, start = chance.choice(written[-40:]), chance.randrange(4)
        assert_as_scanned(search, reader, title[start : start + 3])


@pytest.mark.timeout(3600)
def test_after_a_kill_at_any_moment_the_index_is_whole_or_made_anew(
    library: Library, reader: Library, index: Path
) -> None:
    chance = random.Random(31337)
    seat_file = index.with_name("seat.db")
    for seed in range(KILLS):
        command = [sys.executable, "-m", "tests.knowledge.changing", str(seat_file), str(index), str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
            assert process.stdout is not None
            titles = [process.stdout.readline().strip() for _ in range(chance.randrange(1, 30))]
            process.kill()
        search = opened(reader, index)
        for title in filter(None, titles[-10:]):
            assert_as_scanned(search, reader, title[:3])
        search.close()


def test_what_another_process_wrote_is_found_by_the_next_search(library: Library, reader: Library, index: Path) -> None:
    library.edit(article(1, "蓝鞋子登记"))
    search = opened(reader, index)
    library.edit(article(2, "绿帽子登记"))
    search.refresh()
    assert [hit.id for hit in search.search("绿帽子")] == ["a-2"]
    library.edit(article(2, "绿帽子登记", "withdrawn"))
    search.refresh()
    assert search.search("绿帽子") == []


def test_the_index_is_opened_and_not_made_again(library: Library, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library.edit(article(1, "蓝鞋子登记"))
    opened(library, index)
    made: list[object] = []
    monkeypatch.setattr(kept, "make", lambda *given: made.append(given))
    assert [hit.id for hit in opened(library, index).search("蓝鞋子")] == ["a-1"]
    assert made == []
    assert index.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 0.99])
def test_a_damaged_index_is_made_anew_from_the_articles(library: Library, index: Path, share: float) -> None:
    for number in range(40):
        library.edit(article(number, f"第{number}盏路灯不亮"))
    opened(library, index)
    written = bytearray(index.read_bytes())
    place = int(share * (len(written) - 64))
    written[place : place + 64] = bytes(255 - byte for byte in written[place : place + 64])
    index.write_bytes(written)
    search = opened(library, index)
    search.check()
    search.refresh()
    assert_as_scanned(search, library, "盏路灯")


@pytest.mark.parametrize("left", [0, 7, 300, 5000])
def test_an_index_that_was_cut_short_is_made_anew(library: Library, index: Path, left: int) -> None:
    library.edit(article(1, "蓝鞋子登记"))
    opened(library, index)
    index.write_bytes(index.read_bytes()[:left])
    assert [hit.id for hit in opened(library, index).search("蓝鞋子")] == ["a-1"]


def test_an_index_of_another_history_of_the_file_is_not_believed(tmp_path: Path, index: Path) -> None:
    for name, title in (("one.db", "蓝鞋子登记"), ("two.db", "绿帽子登记")):
        with closing(open_connection(tmp_path / name)) as connection:
            library = Library(connection)
            library.edit(article(1, title))
            assert [hit.title for hit in opened(library, index).search("登记")] == [title]


def test_an_index_of_another_form_is_not_believed(
    library: Library, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge.search import index_file

    library.edit(article(1, "蓝鞋子登记"))
    with monkeypatch.context() as before:
        before.setattr(index_file, "form_mark", lambda: b"older")
        opened(library, index)
    assert index_file.IndexFile(index).read() is None
    assert [hit.id for hit in opened(library, index).search("蓝鞋子")] == ["a-1"]


def test_where_no_file_can_be_written_the_search_works_all_the_same(library: Library, index: Path) -> None:
    index.mkdir()
    library.edit(article(1, "蓝鞋子登记"))
    search = opened(library, index)
    library.edit(article(2, "蓝鞋子年检"))
    search.refresh()
    assert {hit.id for hit in search.search("蓝鞋子")} == {"a-1", "a-2"}


def test_a_large_index_is_made_by_a_process_of_its_own(
    library: Library, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "AT_ONCE", 0)
    library.edit(article(1, "蓝鞋子登记"))
    search = opened(library, index)
    assert is_made(search)
    assert search.search("蓝鞋子") == []
    library.edit(article(2, "蓝鞋子年检"))
    while is_made(search):
        search.refresh()
    assert {hit.id for hit in search.search("蓝鞋子")} == {"a-1", "a-2"}
    search.close()
