"""A small convolutional network beside the linear model: it reads the order of the words, not only which there are.

Every character goes in as the sum of three rows: its own, that of its sound, and those of the word groups it stands in.
Gated layers look ever further to both sides; what is strongest and what is attended to gives the scores.
Training and the seat run the same code; only numpy is needed. Shapes: B notes, N characters, D columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.screening.keys import looked_up
from knowledge.screening.model import CLASSES
from knowledge.screening.rules import Reading
from knowledge.screening.sounds import sound_of

NETWORK_FILE = Path(__file__).parent / "weights" / "network.npz"
REACHES = (1, 3, 6)
"""How far each layer looks to either side."""
HEADS = 4
COLUMNS = len(CLASSES) + 1
"""One for each class and one for urgency."""
_MARKS = frozenset("，。！？、,!?")
_UNSEEN = 0
_NOTHING = np.zeros(1, dtype=np.int64)
_NONE = np.zeros(0, dtype=np.int64)
_NOWHERE = np.float32(-1e4)
_SMALL = np.float32(1e-5)

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Parameters = dict[str, Floats]


class Note(msgspec.Struct, frozen=True):
    """What the network reads: characters and sounds by code point, and the word groups with the stretch of each."""

    characters: Numbers
    sounds: Numbers
    starts: Numbers
    ends: Numbers
    groups: tuple[str, ...]
    traits: frozenset[str]

    def __len__(self) -> int:
        return len(self.characters)


def read_note(reading: Reading, traits: frozenset[str] = frozenset()) -> Note:
    """The note as the network reads it; `traits` are parts of classes the book leaves out."""
    plain = reading.plain.lower()
    keeps = [character.isalnum() or character in _MARKS for character in plain]
    before = np.cumsum([0, *keeps])
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    characters = codes[np.array(keeps, dtype=np.bool_)] if any(keeps) else _NOTHING
    found = [(start, end, name) for name, places in reading.hits.items() for start, end in places]
    return Note(
        characters,
        sound_of(characters),
        before[[start for start, _, _ in found]] if found else _NONE,
        before[[end for _, end, _ in found]] if found else _NONE,
        tuple(f"no {name}" if start in reading.denied else name for start, _, name in found),
        traits,
    )


class Vocabulary(msgspec.Struct, frozen=True):
    """Which row stands for which character, sound, word group and trait; row 0 is for what training did not meet."""

    characters: Numbers
    sounds: Numbers
    groups: dict[str, int]
    traits: dict[str, int]


def rows_of(known: Numbers, codes: Numbers) -> Numbers:
    """The row of every code in the sorted table `known`; row 0 for the others."""
    places, there = looked_up(known, codes)
    return np.where(there, places + 1, _UNSEEN)


class Batch(msgspec.Struct, frozen=True):
    """Notes of a batch as rows: (B, N) rows of characters and sounds, where there is something, and the groups.

    places, groups: every character that a group covers, as a place in (B, N) laid flat, and the row of that group.
    """

    characters: Numbers
    sounds: Numbers
    there: NDArray[np.bool_]
    places: Numbers
    groups: Numbers
    traits: Floats


def batch_of(notes: Sequence[Note], vocabulary: Vocabulary) -> Batch:
    """Notes padded to the longest of them."""
    shape = (len(notes), max(map(len, notes)))
    characters, sounds = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    there = np.zeros(shape, dtype=np.bool_)
    traits = np.zeros((len(notes), len(vocabulary.traits)), dtype=np.float32)
    places, groups = [], []
    for index, note in enumerate(notes):
        characters[index, : len(note)] = rows_of(vocabulary.characters, note.characters)
        sounds[index, : len(note)] = rows_of(vocabulary.sounds, note.sounds)
        there[index, : len(note)] = True
        covered, hits = _covered(note)
        places.append(covered + index * shape[1])
        known = np.array([vocabulary.groups.get(name, _UNSEEN) for name in note.groups], dtype=np.int64)
        groups.append(known[hits])
        for trait in note.traits & vocabulary.traits.keys():
            traits[index, vocabulary.traits[trait]] = 1
    return Batch(characters, sounds, there, np.concatenate(places), np.concatenate(groups), traits)


def _covered(note: Note) -> tuple[Numbers, Numbers]:
    """Every character of every stretch, and the number of the stretch it is in."""
    lengths = note.ends - note.starts
    hits = np.repeat(np.arange(len(lengths)), lengths)
    return np.arange(len(hits)) - np.repeat(np.cumsum(lengths) - lengths - note.starts, lengths), hits


def taken_in(parameters: Mapping[str, Floats], batch: Batch) -> Floats:
    """(B, N, D): the rows of every character summed."""
    taken = parameters["characters"][batch.characters] + parameters["sounds"][batch.sounds]
    flat = taken.reshape(-1, taken.shape[-1])
    if len(batch.groups):
        add_rows(flat, batch.places, parameters["groups"][batch.groups])
    taken *= batch.there[..., None]
    return taken


def add_rows(whole: Floats, places: Numbers, rows: Floats) -> None:
    """Add every row to the row of `whole` at its place; places may repeat."""
    order = np.argsort(places, kind="stable")
    sorted_places = places[order]
    starts = np.flatnonzero(np.diff(sorted_places, prepend=-1))
    whole[sorted_places[starts]] += np.add.reduceat(rows[order], starts, axis=0)


def evened(values: Floats) -> tuple[Floats, Floats]:
    """Every row with mean nought and spread one, and one by its spread."""
    even = values - values.mean(axis=-1, keepdims=True)
    spread = 1 / np.sqrt((even * even).mean(axis=-1, keepdims=True) + _SMALL)
    even *= spread
    return even, spread


def beside(values: Floats, reach: int) -> Floats:
    """(B, N, 3D): every character with those `reach` before and after it."""
    notes, length, width = values.shape
    wide = np.zeros((notes, length, 3 * width), dtype=np.float32)
    wide[:, :, width : 2 * width] = values
    if reach < length:
        wide[:, reach:, :width] = values[:, :-reach]
        wide[:, :-reach, 2 * width :] = values[:, reach:]
    return wide


def gated(parameters: Mapping[str, Floats], layer: int, wide: Floats) -> tuple[Floats, Floats]:
    """What a layer offers and how far its gate is open, both (B, N, D)."""
    both = wide @ parameters[f"kernel{layer}"] + parameters[f"offset{layer}"]
    width = both.shape[-1] // 2
    gate = both[..., width:]
    np.negative(gate, out=gate)
    np.exp(gate, out=gate)
    gate += 1
    np.reciprocal(gate, out=gate)
    return both[..., :width], gate


def pooled(parameters: Mapping[str, Floats], values: Floats, there: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """(B, 5D): the strongest of every column, and what each head attends to; and the attention (B, N, heads)."""
    empty = np.where(there, np.float32(0), _NOWHERE)[..., None]
    heed = values @ parameters["heads"] + empty
    heed -= heed.max(axis=1, keepdims=True)
    np.exp(heed, out=heed)
    heed /= heed.sum(axis=1, keepdims=True)
    attended = heed.transpose(0, 2, 1) @ values
    strongest = (values + empty).max(axis=1)
    return np.concatenate([strongest, attended.reshape(len(values), -1)], axis=1), heed


def scored(parameters: Mapping[str, Floats], batch: Batch, found: Floats) -> Floats:
    """(B, classes and urgency): the scores of what was pooled."""
    scores: Floats = found @ parameters["out"] + parameters["bias"] + batch.traits @ parameters["traits"]
    return scores


class Network:
    """Trained parameters, ready to score notes."""

    def __init__(self, vocabulary: Vocabulary, parameters: Parameters) -> None:
        """Take the vocabulary and the parameters by name."""
        self.vocabulary = vocabulary
        self.parameters = parameters

    def scores(self, note: Note) -> Floats:
        """A score for every class, and last one for urgency."""
        batch, parameters = batch_of([note], self.vocabulary), self.parameters
        values = taken_in(parameters, batch)
        for layer, reach in enumerate(REACHES):
            offered, gate = gated(parameters, layer, beside(evened(values)[0], reach))
            values += offered * gate
        found, _ = pooled(parameters, values, batch.there)
        scores = scored(parameters, batch, found)
        return np.asarray(scores[0])

    def save(self, path: Path) -> None:
        """Write the file the seat reads, every parameter in eight bits with a step of its own."""
        stored: dict[str, Any] = {}
        for name, values in self.parameters.items():
            step = np.float32(max(float(np.abs(values).max()) / 127, 1e-12))
            stored[name] = np.round(values / step).astype(np.int8)
            stored[f"step {name}"] = np.array(step)
        known = self.vocabulary
        stored["known characters"], stored["known sounds"] = known.characters, known.sounds
        stored["known groups"], stored["known traits"] = _lines(known.groups), _lines(known.traits)
        np.savez(path, **stored)


def _lines(names: Iterable[str]) -> NDArray[np.uint8]:
    """Names as bytes, one a line: an array of texts would be as wide as the longest."""
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _names(lines: NDArray[np.uint8]) -> list[str]:
    return lines.tobytes().decode().splitlines()


def stored_network(path: Path) -> Network:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        names = [name for name in stored.files if f"step {name}" in stored.files]
        parameters = {name: stored[name].astype(np.float32) * stored[f"step {name}"] for name in names}
        vocabulary = Vocabulary(
            stored["known characters"],
            stored["known sounds"],
            {name: row for row, name in enumerate(_names(stored["known groups"]), 1)},
            {name: row for row, name in enumerate(_names(stored["known traits"]))},
        )
    return Network(vocabulary, parameters)


@cache
def network(path: Path = NETWORK_FILE) -> Network:
    """The trained network, read once."""
    return stored_network(path)
