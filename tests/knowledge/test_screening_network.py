from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from agent_console.resources.paths import data_folder
from knowledge.screening.evaluation import Labelled
from knowledge.screening.model import CLASSES
from knowledge.screening.network import NETWORK_FILE, Network, batch_of, read_note, stored_network
from knowledge.screening.rules import Rules
from knowledge.screening.training.examples import Example, Reader, corpus
from knowledge.screening.training.network import (
    aim_of,
    first_parameters,
    learn_network,
    slopes,
    vocabulary_of,
)

SMALL = 8
STEP = 1e-3
LARGEST = 1_500_000


@cache
def examples() -> tuple[Example, ...]:
    cases = corpus(data_folder("corpora") / "training")[::150]
    reader = Reader()
    return tuple(reader.example(case, case.text, 1.0) for case in cases)


def untrained() -> Network:
    vocabulary = vocabulary_of(examples())
    chance = np.random.default_rng(5)
    parameters = first_parameters(vocabulary, chance, SMALL)
    shaken = {name: values + 0.1 * chance.standard_normal(values.shape) for name, values in parameters.items()}
    return Network(vocabulary, {name: values.astype(np.float32) for name, values in shaken.items()})


class TestLearning:
    def test_the_slope_of_every_parameter_is_what_small_steps_show(self) -> None:
        model, few = untrained(), examples()[:6]
        exact: Any = {name: values.astype(np.float64) for name, values in model.parameters.items()}
        batch = batch_of([example.note for example in few], model.vocabulary)
        aim = aim_of(few)
        found = slopes(exact, batch, aim)[1]
        for name, values in exact.items():
            steepest = int(np.abs(found[name]).argmax())
            assert found[name].flat[steepest] == pytest.approx(
                difference(values, steepest, lambda: slopes(exact, batch, aim)[0]), rel=1e-2, abs=1e-5
            ), name

    def test_padding_changes_nothing(self) -> None:
        model = untrained()
        short, long = sorted(examples()[:30], key=lambda example: len(example.note))[::29]

        def loss(*some: Example) -> float:
            return slopes(model.parameters, batch_of([one.note for one in some], model.vocabulary), aim_of(some))[0]

        assert loss(short, long) == pytest.approx((loss(short) + loss(long)) / 2, rel=1e-4)

    def test_the_order_of_the_words_is_learnt(self) -> None:
        """The same words in both; only their order tells who is hurt."""
        pairs = [(f"{who}咬了{whom}", who == "狗") for who, whom in (("狗", "人"), ("人", "狗"))] * 30
        reader = Reader()
        cases = [Labelled(str(n), text, "medical_120" if hurt else "accept") for n, (text, hurt) in enumerate(pairs)]
        model = learn_network([reader.example(case, case.text, 1.0) for case in cases], rounds=60, width=16)
        scores = [model.scores(read_note(Rules().read(text))) for text in ("狗咬了人", "人咬了狗")]
        column = CLASSES.index("medical_120")
        assert scores[0][column] > scores[0][0]
        assert scores[1][column] < scores[1][0]

    def test_the_same_examples_give_the_same_network(self) -> None:
        first, second = (learn_network(examples(), rounds=1, width=SMALL) for _ in range(2))
        assert all(np.array_equal(first.parameters[name], second.parameters[name]) for name in first.parameters)


def difference(values: np.ndarray, place: int, loss: Callable[[], float]) -> float:
    """How much the loss changes with one number of `values`."""
    here, found = values.flat[place], []
    for step in (STEP, -STEP):
        values.flat[place] = here + step
        found.append(loss())
    values.flat[place] = here
    return (found[0] - found[1]) / (2 * STEP)


class TestFile:
    def test_it_is_small_and_holds_numbers_only(self) -> None:
        assert NETWORK_FILE.stat().st_size <= LARGEST
        assert stored_network(NETWORK_FILE).parameters["out"].shape[1] == len(CLASSES) + 1

    def test_what_is_stored_scores_alike(self, tmp_path: Path) -> None:
        model = untrained()
        model.save(tmp_path / "network.npz")
        again = stored_network(tmp_path / "network.npz")
        for example in examples()[:20]:
            assert again.scores(example.note) == pytest.approx(model.scores(example.note), abs=0.25)

    @pytest.mark.parametrize("text", ["", "。", "a", "😀", "，，，", "龘龘龘", "火" * 500])
    def test_anything_can_be_read(self, text: str) -> None:
        scores = stored_network(NETWORK_FILE).scores(read_note(Rules().read(text)))
        assert bool(np.isfinite(scores).all())

    def test_a_trait_of_a_book_the_network_never_met_is_passed_over(self) -> None:
        model, note = untrained(), examples()[0].note
        strange = msgspec.structs.replace(note, traits=note.traits | {"petition:of-another-city"})
        assert np.array_equal(model.scores(note), model.scores(strange))
