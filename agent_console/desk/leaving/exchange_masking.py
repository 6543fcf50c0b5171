"""What stands in the history of an order as it may leave: callers masked, wherever their names and numbers stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.work_order.order_life_facts import Amended, CallerJoined
from agent_console.domain.work_order.orders import OrderRaised
from agent_console.texts.masking import masked_name, masked_number

_NAME, _NUMBERS = "caller_name", ("caller_number", "contact_number")
_NOBODY = "**"
_SHORTEST_NAME, _SHORTEST_NUMBER = 2, 5

Fields = dict[str, Any]


class Mask:
    """Hides the callers of one order."""

    def __init__(self, history: Iterable[Event], *, is_hidden: bool) -> None:
        """Look for callers in this history; is_hidden: nothing of them is left, not even the first character."""
        self._is_hidden = is_hidden
        self._instead: dict[str, str] = {}
        for event in history:
            for field, value in _callers(event.fact):
                self._note(field, value.strip())

    def fields(self, fact: msgspec.Struct) -> Fields:
        """The fields of a fact as they may be told."""
        return {name: self._whole(name, value) for name, value in msgspec.to_builtins(fact).items()}

    def text(self, text: str) -> str:
        """A text without the callers."""
        for known in sorted(self._instead, key=len, reverse=True):
            text = text.replace(known, self._instead[known])
        return text

    def _note(self, field: str, value: str) -> None:
        least = _SHORTEST_NAME if field == _NAME else _SHORTEST_NUMBER
        if len(value) >= least:
            shown = masked_name(value) if field == _NAME else masked_number(value)
            self._instead[value] = _NOBODY if self._is_hidden else shown

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case list():
                return [self._value(one) for one in value]
            case dict():
                return {name: self._whole(name, one) for name, one in value.items()}
        return value

    def _whole(self, name: str, value: Any) -> Any:
        """A field that holds nothing but a caller is masked however short it is."""
        if isinstance(value, str) and value and name in (_NAME, *_NUMBERS):
            hidden = masked_name(value) if name == _NAME else masked_number(value)
            return _NOBODY if self._is_hidden else hidden
        return self._value(value)


def _callers(fact: msgspec.Struct | None) -> list[tuple[str, str]]:
    match fact:
        case OrderRaised(details=details):
            return [(field, getattr(details, field)) for field in (_NAME, *_NUMBERS)]
        case CallerJoined():
            return [(_NAME, fact.caller_name), (_NUMBERS[0], fact.caller_number)]
        case Amended(field=field) if field in (_NAME, *_NUMBERS):
            return [(field, fact.old), (field, fact.new)]
    return []
