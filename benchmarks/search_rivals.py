"""Other ways to search the same titles, for comparison: each takes entries and gives a function from keys to ids."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge.search.entry import SearchEntry

Answer = Callable[[str], list[str]]
_SHOWN = 20


def rapidfuzz(entries: Sequence[SearchEntry], _folder: Path) -> Answer:
    """Every title compared with what was typed."""
    titles = {entry.id: entry.title for entry in entries}
    return lambda text: [found[2] for found in process.extract(text, titles, scorer=fuzz.WRatio, limit=_SHOWN)]


def fts5_trigram(entries: Sequence[SearchEntry], folder: Path) -> Answer:
    """SQLite's own index of three characters; shorter words are looked for in every title."""
    connection = sqlite3.connect(folder / "trigram.db")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, tokenize='trigram')")
    connection.executemany("INSERT INTO t VALUES (?, ?)", ((entry.id, entry.title) for entry in entries))
    connection.commit()

    def answer(text: str) -> list[str]:
        if len(text) < 3:
            sql, value = "SELECT id FROM t WHERE instr(title, ?) LIMIT ?", text
        else:
            sql, value = "SELECT id FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?", '"' + text.replace('"', "") + '"'
        return [entry_id for (entry_id,) in connection.execute(sql, (value, _SHOWN))]

    return answer


def tantivy(entries: Sequence[SearchEntry], folder: Path) -> Answer:
    """The search library in Rust, with pairs of characters as its words."""
    library = import_module("tantivy")
    builder = library.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("grams", stored=False, tokenizer_name="whitespace")
    (folder / "tantivy").mkdir()
    index = library.Index(builder.build(), path=str(folder / "tantivy"))
    writer = index.writer()
    for entry in entries:
        writer.add_document(library.Document(id=entry.id, grams=_pairs(entry.title)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def answer(text: str) -> list[str]:
        query = index.parse_query(_pairs(text.replace('"', "")) or "x", ["grams"])
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(query, _SHOWN).hits]

    return answer


def _pairs(text: str) -> str:
    return " ".join(text[place : place + 2] for place in range(max(1, len(text) - 1)))


def fzf(entries: Sequence[SearchEntry], folder: Path) -> Answer:
    """The fuzzy finder as a program that is started at every key."""
    lines = folder / "titles"
    lines.write_text("".join(f"{entry.id}\t{entry.title}\n" for entry in entries), encoding="utf-8")
    command = ["fzf", "--delimiter=\t", "--nth=2", "--filter"]

    def answer(text: str) -> list[str]:
        with lines.open("rb") as given:
            found = subprocess.run([*command, text], stdin=given, capture_output=True, check=False).stdout
        return [line.split("\t")[0] for line in found.decode().splitlines()[:_SHOWN]]

    return answer


RIVALS = {"FTS5 trigram": fts5_trigram, "rapidfuzz WRatio": rapidfuzz}
if find_spec("tantivy"):
    RIVALS["tantivy"] = tantivy
if shutil.which("fzf"):
    RIVALS["fzf --filter"] = fzf
