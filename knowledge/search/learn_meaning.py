"""Learns which words mean the same: `make train`, or `python -m knowledge.search.learn_meaning`.

Every shipped entry, and every article of a regulation that something is said for, is a row; the parts of what is said
for it are counted, rare parts more; the strongest directions of the table are kept. Two rows that share few parts lie
close where both share parts with the same others. Half a minute at most; the texts of regulations are not needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from zipfile import ZipFile

import msgspec
import numpy as np
import numpy.typing as npt

from knowledge.asked import every_asked
from knowledge.search.meaning import WEIGHTS, codes_of, parts
from knowledge.search.normal_form import kept, plain_form
from knowledge.stock import read_stock

DIRECTIONS = 100
_OF_BODY = 0.3
"""What a stretch of a body counts beside a title, a question, a keyword or what is said."""
_STOPS = re.compile(r"[。；，,;\n:：、！？!?]")
_BLOCK = 4000

Matrix = npt.NDArray[np.float32]


class Told(msgspec.Struct, frozen=True):
    """One text that tells what an entry is about."""

    entry: str
    text: str
    worth: float = 1.0


class _Table(msgspec.Struct, frozen=True):
    """A sparse table, ordered by column: entries downwards, parts across."""

    ids: list[str]
    codes: npt.NDArray[np.uint32]
    rarity: Matrix
    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    cell: Matrix


def told() -> Iterator[Told]:
    """All texts that ship: of the entries, and what is said for articles of regulations."""
    for article in read_stock():
        for text in (article.title, *article.questions, *article.keywords):
            yield Told(article.id, text)
        yield from (Told(article.id, text, _OF_BODY) for text in _STOPS.split(article.body))
    for doc, number, phrases in every_asked():
        yield from (Told(f"{doc}-{number}", text) for text in phrases)


def _words(text: str) -> list[str]:
    return [kept(word).text for word in plain_form(text).split()]


def _table(texts: Iterable[Told]) -> _Table:
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    counts: dict[tuple[int, int], float] = {}
    for each in texts:
        row = rows.setdefault(each.entry, len(rows))
        for part in parts(_words(each.text)):
            key = (columns.setdefault(part, len(columns)), row)
            counts[key] = counts.get(key, 0.0) + each.worth
    column, row = np.array(list(counts), np.int64).T
    codes = codes_of(list(columns))
    rarity = np.log((len(rows) + 1) / np.bincount(column, minlength=len(columns)))
    cell = np.log1p(np.array(list(counts.values()))) * rarity[column]
    cell /= np.sqrt(np.bincount(row, cell * cell, minlength=len(rows)))[row]
    order = np.lexsort((row, codes[column]))
    place = np.argsort(np.argsort(codes, kind="stable"), kind="stable")
    return _Table(
        list(rows),
        np.sort(codes),
        rarity[np.argsort(codes, kind="stable")].astype(np.float32),
        row[order],
        place[column[order]],
        cell[order].astype(np.float32),
    )


def _likeness(table: _Table) -> npt.NDArray[np.float64]:
    """For each two entries how much their parts agree."""
    size = len(table.ids)
    alike = np.zeros((size, size))
    for first in range(0, len(table.codes), _BLOCK):
        start, end = np.searchsorted(table.column, [first, first + _BLOCK])
        block = np.zeros((size, _BLOCK), np.float32)
        block[table.row[start:end], table.column[start:end] - first] = table.cell[start:end]
        alike += block @ block.T
    return alike


def learned(texts: Iterable[Told]) -> dict[str, npt.NDArray[Any]]:
    """The arrays that `Meaning` reads, learned from these texts."""
    table = _table(texts)
    strength, direction = np.linalg.eigh(_likeness(table))
    strength = np.sqrt(np.maximum(strength[::-1][:DIRECTIONS], 1e-9))
    direction = direction[:, ::-1][:, :DIRECTIONS]
    places = direction * strength
    places /= np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)
    return {
        "ids": np.array(table.ids),
        "codes": table.codes,
        "starts": np.searchsorted(table.column, np.arange(len(table.codes) + 1)).astype(np.uint32),
        "entries": table.row.astype(np.uint16),
        "worth": (table.cell * table.rarity[table.column]).astype(np.float16),
        "inward": (direction / strength).astype(np.float16),
        "places": places.astype(np.float16),
    }


def main() -> None:
    """Learn from all that ships, and write the weights."""
    WEIGHTS.parent.mkdir(exist_ok=True)
    with ZipFile(WEIGHTS, "w") as file:
        for name, array in learned(told()).items():
            with file.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


if __name__ == "__main__":
    main()
