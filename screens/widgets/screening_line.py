"""Accept, refuse or emergency: what the note so far sounds like, on which words, by which clause."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.texts import say
from knowledge.screening.model import ACCEPT, EMERGENCIES, Proposal, Screening

_SHOWN = 3


class ScreeningLine(Static):
    """Calm while the matter is ours, red for an emergency; an emergency dims but stays until dismissed."""

    def __init__(self) -> None:
        """Nothing was written yet."""
        super().__init__("", markup=False, id="screening")
        self._alarm: Proposal | None = None
        self._shown: Screening | None = None

    def clear_all(self) -> None:
        """Begin a new matter."""
        self._alarm = None
        self._shown = None
        self.update("")
        self.remove_class("emergency", "refusal", "urgent", "dimmed")

    def dismiss_alarm(self) -> None:
        """The operator has seen the emergency."""
        self._alarm = None
        if self._shown is not None:
            shown, self._shown = self._shown, None
            self.show(shown)

    @property
    def alarm(self) -> Proposal | None:
        """The emergency that was shown and not dismissed."""
        return self._alarm

    def show(self, screening: Screening) -> None:
        """Show the proposals, best first."""
        if screening == self._shown:
            return
        self._shown = screening
        best = screening.best
        if best.screening_class in EMERGENCIES:
            self._alarm = best
        fallen_back = self._alarm is not None and best.screening_class not in EMERGENCIES
        proposals = [self._alarm] if fallen_back and self._alarm else []
        proposals += [found for found in screening.proposals if found.screening_class != ACCEPT][:_SHOWN]
        self.set_class(best.screening_class in EMERGENCIES, "emergency")
        self.set_class(fallen_back, "dimmed")
        self.set_class(screening.urgent and best.screening_class == ACCEPT, "urgent")
        self.set_class(best.screening_class not in (ACCEPT, *EMERGENCIES), "refusal")
        self.update(Content("\n".join(self._lines(proposals, screening))))

    @staticmethod
    def _lines(proposals: list[Proposal], screening: Screening) -> list[str]:
        head = say("screening.urgent_order") if screening.urgent else say("screening.accept")
        if screening.best.screening_class != ACCEPT:
            return [_line(proposal) for proposal in proposals]
        return [head, *(_line(proposal) for proposal in proposals)]


def _line(proposal: Proposal) -> str:
    words = "、".join(dict.fromkeys(span.text for span in proposal.words))
    return say(
        "screening.line",
        name=say(f"class.{proposal.screening_class}"),
        confidence=say(f"confidence.{proposal.confidence}"),
        clause=proposal.clause or proposal.basis,
        words=words,
    )
