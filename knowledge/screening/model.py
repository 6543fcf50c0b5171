"""What screening answers: ranked proposals with the words they rest on."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

ACCEPT = "accept"
EMERGENCIES = ("police_110", "fire_119", "medical_120", "traffic_122")
CLASSES = (
    ACCEPT,
    *EMERGENCIES,
    "litigation",
    "reconsideration_arbitration",
    "petition",
    "secret",
    "privacy",
    "discipline",
    "court_procuratorate",
    "congress_cppcc",
    "military",
    "out_of_area",
    "in_progress_or_duplicate",
    "civil_dispute",
    "vague_unreasonable",
    "hidden_number",
    "security_superstition_abuse",
)
COMMON = frozenset(
    {
        ACCEPT,
        *EMERGENCIES,
        "litigation",
        "reconsideration_arbitration",
        "petition",
        "court_procuratorate",
        "in_progress_or_duplicate",
    }
)
"""Classes that every known rule book answers to, proposed where the jurisdiction is `any`."""

Confidence = Literal["clear", "suspected"]


class Span(NamedTuple):
    """Words of the statement, by position."""

    start: int
    end: int
    text: str


class Proposal(msgspec.Struct, frozen=True, rename={"screening_class": "class"}):
    """One answer the operator may follow: the class, the clause of the book, and what speaks for it.

    question: what to ask the caller so that it is decided.
    """

    screening_class: str
    clause: str
    words: tuple[Span, ...]
    why: str
    confidence: Confidence
    basis: str = "letter"
    question: str = ""


class ThreatHeard(msgspec.Struct, frozen=True):
    """A threat of suicide or of violence, beside whatever class the matter is in: its script, and on which words."""

    threat: str
    script: str
    words: tuple[Span, ...]
    why: str


class Screening(msgspec.Struct, frozen=True):
    """The answer to one statement; `proposals` are ranked, best first, and always hold `accept`.

    script: what to open on one key: that of a threat before that of the first proposal.
    """

    proposals: tuple[Proposal, ...]
    urgent: bool
    script: str = ""
    threats: tuple[ThreatHeard, ...] = ()

    @property
    def best(self) -> Proposal:
        """The first proposal."""
        return self.proposals[0]
