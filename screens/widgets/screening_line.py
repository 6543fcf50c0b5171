"""Accept, refuse or emergency: what the note so far sounds like, on which words, by which clause, and what to ask."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.texts import say
from knowledge.screening.model import ACCEPT, EMERGENCIES, Proposal, Screening, ThreatHeard

_SHOWN = 3


class ScreeningLine(Static):
    """Calm while the matter is ours, red for an emergency or a threat; those dim but stay until dismissed."""

    def __init__(self, script_key: str = "") -> None:
        """Nothing was written yet; `script_key` opens the script that is named first."""
        super().__init__("", markup=False, id="screening")
        self._script_key = script_key
        self._alarm: Proposal | None = None
        self._threats: tuple[ThreatHeard, ...] = ()
        self._shown: Screening | None = None

    def clear_all(self) -> None:
        """Begin a new matter."""
        self._alarm = None
        self._threats = ()
        self._shown = None
        self.update("")
        self.remove_class("emergency", "refusal", "urgent", "dimmed")

    def dismiss_alarm(self) -> None:
        """The operator has seen the emergency."""
        self._alarm = None
        self._threats = ()
        if self._shown is not None:
            shown, self._shown = self._shown, None
            self.show(shown)

    @property
    def alarm(self) -> Proposal | None:
        """The emergency that was shown and not dismissed."""
        return self._alarm

    @property
    def threats(self) -> tuple[ThreatHeard, ...]:
        """The threats that were shown and not dismissed."""
        return self._threats

    def show(self, screening: Screening) -> None:
        """Show the proposals, best first."""
        if screening == self._shown:
            return
        self._shown = screening
        best = screening.best
        if best.screening_class in EMERGENCIES:
            self._alarm = best
        self._threats = screening.threats or self._threats
        live = best.screening_class in EMERGENCIES or bool(screening.threats)
        fallen_back = self._alarm is not None and best.screening_class not in EMERGENCIES
        proposals = [self._alarm] if fallen_back and self._alarm else []
        proposals += [found for found in screening.proposals if found.screening_class != ACCEPT][:_SHOWN]
        self.set_class(live, "emergency")
        self.set_class(not live and (fallen_back or bool(self._threats)), "dimmed")
        self.set_class(screening.urgent and best.screening_class == ACCEPT, "urgent")
        self.set_class(best.screening_class not in (ACCEPT, *EMERGENCIES), "refusal")
        self.update(Content("\n").join(self._lines(proposals, screening)))

    def _lines(self, proposals: list[Proposal], screening: Screening) -> list[Content]:
        lines = [Content(_threat(heard)) for heard in self._threats]
        if screening.best.screening_class == ACCEPT:
            head = say("screening.urgent_order") if screening.urgent else say("screening.accept")
            lines.append(Content(head) + (_ask(screening.best) if proposals else Content("")))
        lines += [Content(_line(proposal)) + _ask(proposal) for proposal in proposals]
        if self._script_key and (proposals or self._threats):
            lines[0] = lines[0] + Content(say("screening.key", pressed=self._script_key)).stylize("bold")
        return lines


def _threat(heard: ThreatHeard) -> str:
    return say(f"threat.{heard.threat}", words="、".join(dict.fromkeys(span.text for span in heard.words)))


def _ask(proposal: Proposal) -> Content:
    return Content(say("screening.ask", question=proposal.question) if proposal.question else "").stylize("dim")


def _line(proposal: Proposal) -> str:
    words = "、".join(dict.fromkeys(span.text for span in proposal.words))
    return say(
        "screening.line",
        name=say(f"class.{proposal.screening_class}"),
        confidence=say(f"confidence.{proposal.confidence}"),
        clause=proposal.clause or proposal.basis,
        words=words,
    )
