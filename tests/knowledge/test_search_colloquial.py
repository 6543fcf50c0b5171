"""Everyday wording, most of it without a character in common with the entry, on the texts and the stock.

Two sets: one that the words were written for, and one written afterwards, for which no word was ever added. Runs
where AGENT_CONSOLE_SOURCES names the folder of the five texts; they are not part of the project.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from knowledge.importing.documents import read_document
from knowledge.search.engine import SearchEngine
from knowledge.search.entries import engine_of, numbered_sources
from knowledge.search.entry import Source
from knowledge.stock import read_stock

SOURCES = os.environ.get("AGENT_CONSOLE_SOURCES", "")
FOLDER = Path(__file__).parent

pytestmark = pytest.mark.skipif(not Path(SOURCES or "/nowhere").is_dir(), reason="the five texts are not here")


class Asked(msgspec.Struct):
    """One query, the articles and the stock entries that answer it."""

    jurisdiction: str
    query: str
    targets: tuple[Source, ...] = ()
    entries: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def engine() -> SearchEngine:
    documents = [read_document(path) for path in sorted(Path(SOURCES).glob("*.txt"))]
    return engine_of([*(entry for document in documents for entry in document.entries), *read_stock()])


def answered(engine: SearchEngine, asked: Asked) -> bool:
    book = "" if asked.jurisdiction == "any" else asked.jurisdiction
    hits = engine.search(asked.query, jurisdiction=book)
    sources = numbered_sources(hits, book)[:3]
    return bool(set(asked.targets).intersection(sources) or {hit.id for hit in hits[:3]}.intersection(asked.entries))


@pytest.mark.parametrize(("name", "least"), [("colloquial_queries", 0.85), ("colloquial_fresh", 0.5)])
def test_everyday_wording_leads_into_the_first_three(engine: SearchEngine, name: str, least: float) -> None:
    lines = (FOLDER / f"{name}.jsonl").read_bytes().splitlines()
    found = [answered(engine, msgspec.json.decode(line, type=Asked)) for line in lines]
    assert sum(found) / len(found) >= least
