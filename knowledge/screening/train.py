"""Training of the screening model: `make train`, or `python -m knowledge.screening.train [--check]`.

Reads the labelled statements of `data/corpora/training/`, learns, and writes the weights. With `--check` it writes
nothing and reports a cross-validation instead, the speakers of every part kept out of the training for it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import data_folder
from agent_console.resources.rule_books import load_book
from agent_console.texts import say
from knowledge.screening.augment import variants
from knowledge.screening.classifier import SCALES, WEIGHTS_FILE, Classifier, Weights
from knowledge.screening.engine import Screener
from knowledge.screening.evaluation import Figures, Judged, Labelled, figures, judged, labelled
from knowledge.screening.features import Features, read_features
from knowledge.screening.learning import Goal, Table, fit
from knowledge.screening.model import CLASSES
from knowledge.screening.rules import Rules

ANY = "any"
STIFFNESS = 0.7
ROUNDS = 80
_LEAST = 3
"""A feature must occur in so many statements."""
_ALSO = 0.3
"""What the answers that are not wrong either share between them."""
_VARIANT_WEIGHT = 0.35
_PARTS = 5


class Example(msgspec.Struct, frozen=True):
    """A statement as it is learnt from: label, features, and how much it counts."""

    case: Labelled
    features: Features
    weight: float


class Reader:
    """Reads statements by the rule book of each."""

    def __init__(self) -> None:
        """No book was opened yet."""
        self._rules: dict[str, Rules] = {}

    def rules(self, jurisdiction: str) -> Rules:
        """The cues by the book of `jurisdiction`."""
        if jurisdiction not in self._rules:
            self._rules[jurisdiction] = Rules(None if jurisdiction == ANY else load_book(jurisdiction))
        return self._rules[jurisdiction]

    def example(self, case: Labelled, text: str, weight: float) -> Example:
        """`text` with the label of `case`."""
        rules = self.rules(case.jurisdiction)
        return Example(case, read_features(rules.read(text), rules.leaves_out), weight)

    def examples(self, cases: Iterable[Labelled]) -> list[Example]:
        """Every statement and its variants."""
        found = []
        for case in cases:
            found.append(self.example(case, case.text, 1.0))
            found += [self.example(case, text, _VARIANT_WEIGHT) for text in variants(case)]
        return found


def corpus(folder: Path) -> list[Labelled]:
    """All labelled statements of a folder, in the order of the file names. Raises BadInput naming file and line."""
    return [case for path in sorted(folder.glob("*.jsonl")) for case in labelled(path)]


def learn(cases: Sequence[Labelled], reader: Reader) -> Weights:
    """Weights learnt from the statements."""
    examples = reader.examples(cases)
    keys = _common_keys(examples)
    weights = fit(_table(examples, keys), _goal(examples, reader), STIFFNESS, ROUNDS)
    scale = (np.abs(weights[:-1]).max(axis=0) / 127).astype(np.float32)
    return Weights(keys, np.round(weights[:-1] / scale).astype(np.int8), scale, weights[-1].astype(np.float32))


def _blocks(features: Features) -> list[NDArray[np.uint32]]:
    parts = [np.unique(np.concatenate([run.keys for run in part])) for part in (features.characters, features.sounds)]
    return [*parts, features.findings]


def _common_keys(examples: Sequence[Example]) -> NDArray[np.uint32]:
    counted: Counter[int] = Counter()
    for example in examples:
        if example.weight == 1.0:
            for keys in _blocks(example.features):
                counted.update(keys.tolist())
    return np.array(sorted(key for key, count in counted.items() if count >= _LEAST), dtype=np.uint32)


def _table(examples: Sequence[Example], keys: NDArray[np.uint32]) -> Table:
    starts, columns, values = [0], [], []
    for example in examples:
        for number, block in enumerate(_blocks(example.features)):
            places = np.minimum(np.searchsorted(keys, block), len(keys) - 1)
            kept = places[keys[places] == block].astype(np.int32)
            factor = SCALES[number] / (max(1.0, len(block) ** 0.5) if number < 2 else 1.0)
            columns.append(kept)
            values.append(np.full(len(kept), factor, dtype=np.float32))
        starts.append(starts[-1] + sum(len(part) for part in columns[-3:]))
    return Table(np.array(starts, dtype=np.intp), np.concatenate(columns), np.concatenate(values), len(keys))


def _goal(examples: Sequence[Example], reader: Reader) -> Goal:
    shares = np.zeros((len(examples), len(CLASSES)), dtype=np.float32)
    for row, example in zip(shares, examples, strict=True):
        known = reader.rules(example.case.jurisdiction).known
        also = [name for name in example.case.also_ok if name in known]
        row[CLASSES.index(example.case.expected)] = 1 - _ALSO if also else 1
        for name in also:
            row[CLASSES.index(name)] += _ALSO / len(also)
    possible = [[name in reader.rules(example.case.jurisdiction).known for name in CLASSES] for example in examples]
    return Goal(
        shares=shares,
        possible=np.array(possible),
        urgent=np.array([example.case.urgent for example in examples], dtype=np.float32),
        weight=np.array([example.weight for example in examples], dtype=np.float32),
    )


def parts_by_voice(cases: Sequence[Labelled], count: int) -> list[set[str]]:
    """The voices in `count` parts of about the same number of statements."""
    sizes = Counter(case.voice for case in cases)
    parts: list[tuple[int, set[str]]] = [(0, set()) for _ in range(count)]
    for voice, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        least = min(range(count), key=lambda index: parts[index][0])
        parts[least] = (parts[least][0] + size, parts[least][1] | {voice})
    return [voices for _, voices in parts]


def cross_validated(cases: Sequence[Labelled], count: int = _PARTS) -> Figures:
    """Figures on statements of speakers the model has not met."""
    reader = Reader()
    results: list[Judged] = []
    for voices in parts_by_voice(cases, count):
        model = Classifier(learn([case for case in cases if case.voice not in voices], reader))
        screeners: dict[str, Screener] = {}
        for case in cases:
            if case.voice in voices:
                if case.jurisdiction not in screeners:
                    book = None if case.jurisdiction == ANY else load_book(case.jurisdiction)
                    screeners[case.jurisdiction] = Screener(book, model)
                results.append(judged(case, screeners[case.jurisdiction].screen(case.text)))
    return figures(results)


def main() -> None:
    """Train, or check by cross-validation."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    try:
        cases = corpus(data_folder("corpora") / "training")
    except BadInput as error:
        options.error(" ".join(say(told.key, **told.fields) for told in (error.message, error.advice) if told))
    if check:
        for line in summary(cross_validated(cases)):
            print(line)
        return
    weights = learn(cases, Reader())
    WEIGHTS_FILE.parent.mkdir(exist_ok=True)
    written = WEIGHTS_FILE.with_suffix(".new.npz")
    weights.save(written)
    written.replace(WEIGHTS_FILE)
    print(f"{len(cases)} statements, {len(weights.keys)} features, {WEIGHTS_FILE.stat().st_size} bytes")


def summary(result: Figures) -> list[str]:
    """The main figures, one a line."""
    shares = {
        "right": result.all,
        "emergencies caught": result.emergencies,
        "false alarms": result.false_alarms,
        "urgent found": result.urgent_found,
    }
    lines = [f"{name}: {share.right}/{share.total} {share.right / share.total:.1%}" for name, share in shares.items()]
    return [*lines, f"macro-F1: {result.macro_f1:.3f}", f"urgent F1: {result.urgent_f1:.3f}"]


if __name__ == "__main__":
    main()
