"""How screening does on labelled statements: recall by class, emergencies, false alarms, worst misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from knowledge.screening.model import ACCEPT, CLASSES, EMERGENCIES, Screening


class Labelled(msgspec.Struct, frozen=True):
    """A statement and what is right for it; `also_ok` are answers not counted as wrong."""

    id: str
    text: str
    expected: str
    jurisdiction: str = "any"
    also_ok: tuple[str, ...] = ()
    urgent: bool = False
    voice: str = ""
    tags: tuple[str, ...] = ()

    @property
    def right(self) -> frozenset[str]:
        """Every answer that is not wrong."""
        return frozenset({self.expected, *self.also_ok})


def labelled(path: Path) -> list[Labelled]:
    """The statements of one file. Raises BadInput naming the line that cannot be read or labels with no such class."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    return [_case(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _case(path: Path, number: int, line: bytes) -> Labelled:
    try:
        case = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=Labelled)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            "error.json_line", "advice.screen_case", path=str(path), line=number, reason=str(error)
        ) from error
    unknown = case.right - set(CLASSES)
    if unknown:
        names, known = "、".join(sorted(unknown)), "、".join(CLASSES)
        raise BadInput(
            "error.screen_class", "advice.screen_class", path=str(path), line=number, names=names, known=known
        )
    return case


class Judged(msgspec.Struct, frozen=True):
    """One statement with what screening made of it."""

    case: Labelled
    got: str
    urgent: bool

    @property
    def is_right(self) -> bool:
        """Whether the first proposal is one of the right ones."""
        return self.got in self.case.right

    @property
    def badness(self) -> int:
        """How bad the mistake is: a missed emergency first, then a false emergency, then the rest; 0 if right."""
        if self.is_right:
            return 0
        if self.case.expected in EMERGENCIES and self.got not in EMERGENCIES:
            return 3
        return 2 if self.got in EMERGENCIES else 1


class Share(msgspec.Struct, frozen=True):
    """So many of so many."""

    right: int
    total: int


class Figures(msgspec.Struct, frozen=True):
    """The figures of one evaluation; `misses` are sorted, worst first."""

    by_class: dict[str, Share]
    all: Share
    emergencies: Share
    false_alarms: Share
    false_emergencies: Share
    urgent_found: Share
    urgent_too_many: int
    by_voice: dict[str, Share]
    macro_f1: float
    confusion: dict[str, dict[str, int]]
    """What was taken for what: wrong answers only, by the class that was right."""
    misses: tuple[Judged, ...]

    @property
    def urgent_f1(self) -> float:
        """Harmonic mean of what share of urgent matters was found and what share of those found are urgent."""
        found = self.urgent_found
        return _f1(found.right, found.total - found.right, self.urgent_too_many)


def judged(case: Labelled, screening: Screening) -> Judged:
    """The answer beside the label."""
    return Judged(case=case, got=screening.best.screening_class, urgent=screening.urgent)


def figures(results: Iterable[Judged]) -> Figures:
    """Count. An emergency is caught by any emergency class; one that may also be accepted need not be."""
    rows = tuple(results)
    total = Counter(row.case.expected for row in rows)
    right = Counter(row.case.expected for row in rows if row.is_right)
    emergencies = [row for row in rows if row.case.expected in EMERGENCIES and ACCEPT not in row.case.right]
    ordinary = [row for row in rows if row.case.expected == ACCEPT]
    calm = [row for row in rows if not row.case.right & set(EMERGENCIES)]
    urgent = [row for row in rows if row.case.urgent]
    order = [name for name in CLASSES if name in total] + sorted(set(total) - set(CLASSES))
    return Figures(
        by_class={name: Share(right[name], total[name]) for name in order},
        all=Share(sum(right.values()), len(rows)),
        emergencies=Share(sum(row.got in EMERGENCIES for row in emergencies), len(emergencies)),
        false_alarms=Share(sum(not row.is_right for row in ordinary), len(ordinary)),
        false_emergencies=Share(sum(row.got in EMERGENCIES for row in calm), len(calm)),
        urgent_found=Share(sum(row.urgent for row in urgent), len(urgent)),
        urgent_too_many=sum(row.urgent and not row.case.urgent for row in rows),
        by_voice=_by_voice(rows),
        macro_f1=_macro_f1(rows, order),
        confusion=_confusion(rows),
        misses=tuple(sorted((row for row in rows if row.badness), key=lambda row: -row.badness)),
    )


def _by_voice(rows: tuple[Judged, ...]) -> dict[str, Share]:
    """Right answers by speaker, the worst first."""
    total = Counter(row.case.voice for row in rows if row.case.voice)
    right = Counter(row.case.voice for row in rows if row.case.voice and row.is_right)
    return {voice: Share(right[voice], total[voice]) for voice in sorted(total, key=lambda v: right[v] / total[v])}


def _macro_f1(rows: tuple[Judged, ...], names: list[str]) -> float:
    """Mean over the classes; an answer that is not wrong counts for the class that was expected."""
    right = Counter(row.case.expected for row in rows if row.is_right)
    missed = Counter(row.case.expected for row in rows if not row.is_right)
    wrong = Counter(row.got for row in rows if not row.is_right)
    return sum(_f1(right[name], missed[name], wrong[name]) for name in names) / max(1, len(names))


def _f1(right: int, missed: int, wrong: int) -> float:
    whole = 2 * right + missed + wrong
    return 2 * right / whole if whole else 0.0


def _confusion(rows: tuple[Judged, ...]) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = {}
    for row in rows:
        if not row.is_right:
            table.setdefault(row.case.expected, Counter())[row.got] += 1
    return {name: dict(counts.most_common()) for name, counts in table.items()}
