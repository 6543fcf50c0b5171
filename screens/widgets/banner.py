"""A call that rings, said without taking the focus."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.store.rings import RingOffer
from agent_console.texts import say
from screens.keymap import Keymap


class Banner(Static):
    """One line that is there while a call rings."""

    def __init__(self, keymap: Keymap) -> None:
        """Nothing rings."""
        super().__init__("", markup=False, id="banner")
        self._keymap = keymap

    def show(self, offers: list[RingOffer], *, in_call: bool) -> None:
        """Who rings first, and which keys take the call: one in hand is finished or parked before."""
        self.set_class(bool(offers), "ringing")
        if offers:
            self.update(Content(self._line(offers[0], in_call=in_call)))

    def _line(self, offer: RingOffer, *, in_call: bool) -> str:
        return say(
            "banner.ring_in_call" if in_call else "banner.ring",
            number=offer.number or say("call_line.hidden"),
            name=offer.name,
            press=self._keymap.shown("take"),
            finish=self._keymap.shown("finish"),
            park=self._keymap.shown("park"),
        )
