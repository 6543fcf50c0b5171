"""The script of the demo: `data/demo/day.toml` as values."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.resources.paths import data_folder, read_toml

OutcomeName = Literal["answered", "refused", "transferred", "followed_up", "interrupted", "invalid", "order", "parked"]


class DemoMatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"screening_class": "class"}):
    """One matter of the play, and the steps its order goes through."""

    outcome: OutcomeName
    note: str = ""
    words: str = ""
    article: str = ""
    screening_class: str = ""
    route: str = ""
    target: str = ""
    way: str = ""
    reason: str = ""
    follows: str = ""
    label: str = ""
    kinds: tuple[str, ...] = ()
    title: str = ""
    content: str = ""
    wish: str = ""
    street: str = ""
    point: str = ""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    urgency: str = "normal"
    steps: tuple[str, ...] = ()


class DemoCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call of the play: when, how long, about what."""

    ago: int
    matters: tuple[DemoMatter, ...]
    days: int = 0
    lasts: int = 3


class DemoPlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole play, as it stands in `data/demo/day.toml`."""

    names: tuple[str, ...]
    district: str
    call: tuple[DemoCall, ...]


def load_play() -> DemoPlay:
    """The play. Raises BadInput naming the key."""
    return read_toml(data_folder("demo") / "day.toml", DemoPlay)
