"""Training of the screening models: `make train`, or `python -m knowledge.screening.training [--check]`.

Reads the labelled statements of `data/corpora/training/`, learns, and writes the weights. With `--check` it writes
nothing and reports a cross-validation instead, the speakers of every part kept out of the training for it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import data_folder
from agent_console.texts import say
from knowledge.screening.classifier import WEIGHTS_FILE
from knowledge.screening.network import NETWORK_FILE
from knowledge.screening.training.checking import cross_validated, summary
from knowledge.screening.training.examples import Reader, corpus
from knowledge.screening.training.linear import learn_weights
from knowledge.screening.training.network import learn_network


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
    examples = Reader().examples(cases)
    weights = learn_weights(examples)
    _kept(WEIGHTS_FILE, weights.save)
    print(f"{len(cases)} statements, {len(weights.keys)} features")
    _kept(NETWORK_FILE, learn_network(examples, tell=_told).save)


def _told(number: int, rounds: int) -> None:
    print(f"network: round {number} of {rounds}", flush=True)


def _kept(path: Path, save: Callable[[Path], None]) -> None:
    """Replace the file at once, so that a seat never reads half of it."""
    path.parent.mkdir(exist_ok=True)
    written = path.with_suffix(".new.npz")
    save(written)
    written.replace(path)
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
