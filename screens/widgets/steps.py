"""What can be done with the order now: steps with their letters, records with a digit, and what blocks the rest."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_console.desk.orders.steps import Offer
from agent_console.texts import say
from screens.actions import ORDER_BY_ID
from screens.keymap import Keymap

_DIGITS = "123456789"


class StepList(OptionList):
    """Possible steps first, then what can be written down, then what is blocked, with its clause."""

    def __init__(self, keymap: Keymap) -> None:
        """Keys as in this keymap."""
        super().__init__(id="steps", compact=True)
        self._keymap = keymap
        self.offers: dict[str, Offer] = {}
        self.digits: dict[str, str] = {}

    def show(self, offers: tuple[Offer, ...]) -> None:
        """List them; the cursor stays where it was."""
        marked = self.marked
        self.offers = {offer.id: offer for offer in offers}
        possible = [offer for offer in offers if offer.possible]
        records = [offer.id for offer in possible if offer.sort == "record"]
        self.digits = dict(zip(_DIGITS, records, strict=False))
        self.clear_options()
        groups = {
            "order_screen.steps": [offer for offer in possible if offer.sort == "step"],
            "order_screen.records": [offer for offer in possible if offer.sort != "step"],
            "order_screen.blocked": [offer for offer in offers if not offer.possible],
        }
        for head, group in groups.items():
            if group:
                self.add_option(Option(Content(say(head)).stylize("dim"), disabled=True))
                self.add_options([Option(self._line(offer), id=offer.id) for offer in group])
        self._mark(marked)

    def _mark(self, marked: str) -> None:
        ids = [self.get_option_at_index(index).id for index in range(self.option_count)]
        if marked in ids:
            self.highlighted = ids.index(marked)
        else:
            self.highlighted = next((index for index, own in enumerate(ids) if own), None)

    def _line(self, offer: Offer) -> Content:
        action = ORDER_BY_ID.get(offer.id)
        digit = next((digit for digit, record in self.digits.items() if record == offer.id), "")
        letter = self._keymap.letter_of(action) if action else digit
        key = self._keymap.shown_for(action) if action else digit
        keys = letter if key in ("", letter) else f"{letter} {key}"
        mark = "●" if offer.reminded else " "
        text = f"{keys:<6}{mark}{offer.name}"
        line = Content(text) + Content("  " + " ".join(offer.clauses)).stylize("dim")
        if not offer.possible:
            return line.stylize("dim")
        return line.stylize("$text-warning") if offer.reminded else line

    @property
    def marked(self) -> str:
        """Id of the step under the cursor."""
        if self.highlighted is None:
            return ""
        return self.get_option_at_index(self.highlighted).id or ""
