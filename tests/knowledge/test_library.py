"""The knowledge base in the seat's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent_console.domain.errors import UnknownName
from agent_console.store.connection import open_connection
from knowledge.article import Article, Source
from knowledge.checking import check
from knowledge.library import Import, Library
from knowledge.stock import read_stock


def article(number: int, body: str = "请说地点。", **fields: object) -> Article:
    plain = {"id": f"town-{number}", "title": f"第{number}件", "body": body, "doc": "town", "article": number}
    return Article(**{**plain, "sources": (Source("town", number),), "origin": "import", **fields})  # type: ignore[arg-type]


def imported(count: int) -> Import:
    return Import("town", "town.txt", 1, count, 0, 0)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = open_connection(tmp_path / "seat.db")
    yield opened
    opened.close()


@pytest.fixture
def library(connection: sqlite3.Connection) -> Library:
    return Library(connection)


def test_what_is_stored_comes_back_whole(library: Library) -> None:
    entry = article(
        1, questions=("在哪里",), keywords=("地点",), class_="办法", jurisdictions=("hebi",), chapter="总则"
    )
    library.replace_document(imported(1), [entry])
    assert library.entries("town") == [entry]
    assert library.get("town-1") == entry
    assert library.documents() == {"town": 1}


def test_importing_again_updates_and_never_duplicates(library: Library) -> None:
    library.replace_document(imported(3), [article(1), article(2), article(3)])
    change = library.replace_document(imported(2), [article(1), article(2, "请说时间。"), article(4)])
    assert (change.added, change.changed, change.unchanged, change.removed) == (1, 1, 1, 1)
    assert [(e.id, e.version) for e in library.entries("town")] == [("town-1", 1), ("town-2", 2), ("town-4", 1)]


def test_every_change_counts_as_a_revision(library: Library) -> None:
    before = library.revision()
    library.replace_document(imported(1), [article(1)])
    after = library.revision()
    library.replace_document(imported(1), [article(1)])
    assert before < after == library.revision()


def test_an_entry_edited_here_is_not_written_over(library: Library) -> None:
    stock = article(1, id="hello", doc="stock", article=None, origin="stock")
    library.load_stock([stock])
    library.edit(msgspec.structs.replace(stock, body="本地说法。"))
    change = library.load_stock([msgspec.structs.replace(stock, version=2, body="新说法。")])
    assert change.edited == ("hello",)
    assert library.get("hello").body == "本地说法。"


def test_a_newer_version_of_the_stock_replaces_the_older(library: Library) -> None:
    stock = article(1, id="hello", doc="stock", origin="stock")
    library.load_stock([stock])
    library.load_stock([msgspec.structs.replace(stock, version=2, body="新说法。")])
    library.load_stock([stock])
    assert (library.get("hello").version, library.get("hello").body) == (2, "新说法。")


def test_an_id_of_another_document_is_not_taken_over(library: Library) -> None:
    library.load_stock([article(1, doc="stock", origin="stock")])
    library.replace_document(imported(1), [article(1, "导入的。")])
    library.replace_document(imported(1), [article(1, "导入的。")])
    assert library.get("town-1").doc == "stock"
    assert [entry.body for entry in library.entries("town")] == ["导入的。"]


def test_an_unknown_id(library: Library) -> None:
    with pytest.raises(UnknownName):
        library.get("nothing")


def test_the_stock_is_sound(library: Library) -> None:
    stock = read_stock()
    assert len(stock) >= 60
    assert check(stock) == []
    library.load_stock()
    assert len(library.entries("stock")) == len(stock)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (article(1, title=" "), "kb.fault.title"),
        (article(1, body=""), "kb.fault.body"),
        (article(1, sources=()), "kb.fault.no_source"),
        (article(1, sources=(Source("nowhere", 1),)), "kb.fault.doc"),
        (article(1, sources=(Source("fujian", 35),)), "kb.fault.article"),
        (article(1, sources=(Source("town", 9),)), "kb.fault.article"),
        (article(1, sources=tuple(Source("fujian", n) for n in range(1, 7))), "kb.fault.many_sources"),
    ],
)
def test_faults_are_found(entry: Article, reason: str) -> None:
    assert reason in [fault.reason for fault in check([entry])]


def test_a_repeated_id_is_found() -> None:
    assert [fault.reason for fault in check([article(1), article(1)])] == ["kb.fault.repeated"]
