"""Cross-validation: figures on statements of speakers the models have not met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agent_console.resources.rule_books import load_book
from knowledge.screening.classifier import Classifier
from knowledge.screening.engine import Screener
from knowledge.screening.evaluation import Figures, Judged, Labelled, figures, judged
from knowledge.screening.judgement import Judges
from knowledge.screening.training.examples import ANY, Reader
from knowledge.screening.training.linear import learn_weights
from knowledge.screening.training.network import learn_network

_PARTS = 5


def learn(cases: Sequence[Labelled], reader: Reader) -> Judges:
    """Both models, learnt from the statements."""
    examples = reader.examples(cases)
    return Judges(Classifier(learn_weights(examples)), learn_network(examples))


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
        models = learn([case for case in cases if case.voice not in voices], reader)
        screeners: dict[str, Screener] = {}
        for case in cases:
            if case.voice in voices:
                if case.jurisdiction not in screeners:
                    book = None if case.jurisdiction == ANY else load_book(case.jurisdiction)
                    screeners[case.jurisdiction] = Screener(book, models)
                results.append(judged(case, screeners[case.jurisdiction].screen(case.text)))
    return figures(results)


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
