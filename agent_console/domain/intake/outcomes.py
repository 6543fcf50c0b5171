"""How a matter ends: exactly one of these (FJ-5.2, held per matter)."""

from __future__ import annotations

import msgspec


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """Answered on the spot from `article` in `version`; both empty where the operator knew the answer by heart.

    hot: the pinned event whose answer was given, in `version`.
    """

    article: str = ""
    version: int = 0
    hot: str = ""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Not taken: the item of the list, the script and the way through it, what was explained and guided.

    told: what the item asks the record to carry (`Refusal.needs`): which institution, which route, …
    """

    clause: str
    screening_class: str = ""
    script: str = ""
    script_version: int = 0
    path: tuple[str, ...] = ()
    explained: bool = False
    guided: bool = False
    earlier_order: str = ""
    reason: str = ""
    told: dict[str, str] = {}


WAYS = ("transfer", "three_way", "number_given", "reported")
"""How a caller can be handed over in any city; a rule book may know more.

reported: the line reports it for the caller by another telephone, and this call goes on.
"""


HAND_OVER_NOTE = ("number", "place")
"""What whoever takes an emergency over must know: where to call back, and where to go."""


class Transferred(msgspec.Struct, frozen=True, tag="transferred"):
    """Handed over while the caller is on the line: to whom, and how: one of `WAYS` or of the rule book.

    told: what the rule book asks the record of that way to carry; after a script the hand-over note: `HAND_OVER_NOTE`.
    """

    target: str
    way: str
    script: str = ""
    script_version: int = 0
    path: tuple[str, ...] = ()
    told: dict[str, str] = {}


class Ordered(msgspec.Struct, frozen=True, tag="ordered"):
    """Became a work order. admits, reason: the item of the refusal list that was set aside for it, and why."""

    order: str
    number: str
    admits: str = ""
    reason: str = ""


class FollowedUp(msgspec.Struct, frozen=True, tag="followed_up"):
    """Added to an order that exists (A-09); with its id the order lists the caller from then on.

    script and what follows: where a script led to it.
    """

    number: str
    order: str = ""
    script: str = ""
    script_version: int = 0
    path: tuple[str, ...] = ()
    explained: bool = False
    guided: bool = False


class Interrupted(msgspec.Struct, frozen=True, tag="interrupted"):
    """The caller was gone before the end; the path so far is kept and a callback is owed.

    clause: the item of the list whose script it was; where that keeps no content, neither does this.
    """

    script: str = ""
    path: tuple[str, ...] = ()
    script_version: int = 0
    clause: str = ""


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Ended by the line after its script: it goes no further, and the refusal list has no item that it would be.

    clause: what it rests on beside the list, "" where the book is silent.
    """

    script: str
    script_version: int
    path: tuple[str, ...] = ()
    clause: str = ""
    explained: bool = False
    guided: bool = False


Outcome = Answered | Refused | Transferred | Ordered | FollowedUp | Interrupted | Ended


def name_of(outcome: Outcome) -> str:
    """Its tag: answered, refused, transferred, ordered, followed_up, interrupted, ended."""
    return str(type(outcome).__struct_config__.tag)


_NUMBERS = {"110": "police_110", "119": "fire_119", "120": "medical_120", "122": "traffic_122"}


def class_taken(outcome: Outcome | None, chosen: str) -> str:
    """The class of the screening that an outcome comes to; "" where it says nothing about that."""
    match outcome:
        case Refused():
            return outcome.screening_class or chosen
        case Transferred():
            return _NUMBERS.get(outcome.target, chosen)
        case Answered() | Ordered():
            return "accept"
        case FollowedUp() | Ended():
            return chosen
        case _:
            return ""
