"""On the five regulations: everyday words, near words and English ones lead to the article that is meant.

Runs where AGENT_CONSOLE_SOURCES names the folder of the five texts; they are not part of the project.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import msgspec
import pytest

from knowledge.article import Article
from knowledge.importing.documents import read_document
from knowledge.search.engine import SearchEngine
from knowledge.search.entries import engine_of, numbered_sources
from knowledge.search.entry import Source
from knowledge.stock import read_stock

SOURCES = os.environ.get("AGENT_CONSOLE_SOURCES", "")
QUERIES = Path(__file__).with_name("search_queries.jsonl")

pytestmark = pytest.mark.skipif(not Path(SOURCES or "/nowhere").is_dir(), reason="the five texts are not here")


class Asked(msgspec.Struct):
    """One query and the articles that answer it."""

    jurisdiction: str
    kind: str
    query: str
    targets: tuple[Source, ...]


@pytest.fixture(scope="module")
def engine() -> SearchEngine:
    documents = [read_document(path) for path in sorted(Path(SOURCES).glob("*.txt"))]
    return engine_of([*(entry for document in documents for entry in document.entries), *read_stock()])


def test_nine_in_ten_are_among_the_first_three(engine: SearchEngine) -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    for line in QUERIES.read_bytes().splitlines():
        asked = msgspec.json.decode(line, type=Asked)
        book = "" if asked.jurisdiction == "any" else asked.jurisdiction
        best = numbered_sources(engine.search(asked.query, jurisdiction=book), book)[:3]
        found[asked.kind].append(not set(asked.targets).isdisjoint(best))
    shares = {kind: sum(hits) / len(hits) for kind, hits in found.items()}
    assert all(share >= 0.9 for share in shares.values()), shares


def test_the_province_of_a_city_is_the_one_its_rule_book_names() -> None:
    rules = [
        Article(id=doc, title="推诿扯皮的责任", body="责令整改。", jurisdictions=(doc,), doc=doc)
        for doc in ("binzhou", "fujian", "hebi", "zhijiang")
    ]
    hits = engine_of(rules).search("推诿扯皮", jurisdiction="fuzhou")
    assert (hits[0].id, len(hits)) == ("fujian", 4)
    assert hits[0].score > hits[1].score


@pytest.mark.parametrize(
    ("book", "query", "article"),
    [
        ("fujian", "第30条", 30),
        ("fujian", "yhby", 5),
        ("fujian", "duozhongyuyan", 3),
        ("fuzhou", "一百一十九条部门热线", 2),
        ("hebi", "無理糾纏", 5),
        ("binzhou", "保密 gd", 25),
        ("zhijiang", "目标管理综台考评", 21),
    ],
)
def test_whatever_the_fingers_produce_leads_to_the_article(
    engine: SearchEngine, book: str, query: str, article: int
) -> None:
    hits = engine.search(query, jurisdiction=book)
    assert Source(book, article) in numbered_sources(hits, book)[:2]
