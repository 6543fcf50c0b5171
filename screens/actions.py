"""The one registry of what an operator can do: footer, leader menu, command bar and help are drawn from it."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.texts import say

When = Literal["always", "idle", "call"]


class Action(msgspec.Struct, frozen=True):
    """One thing to do: its id, when it can be done, and whether the footer shows it.

    Its name, its help and its words for the command bar stand in the texts under `action.<id>`, `action.<id>.help`.
    """

    id: str
    when: When = "call"
    footer: bool = False

    @property
    def name(self) -> str:
        """Short name, two to four characters."""
        return say(f"action.{self.id}")

    @property
    def help(self) -> str:
        """One sentence of help."""
        return say(f"action.{self.id}.help")


ACTIONS: tuple[Action, ...] = (
    Action("take", "idle", footer=True),
    Action("answer", footer=True),
    Action("order", footer=True),
    Action("refuse", footer=True),
    Action("transfer", footer=True),
    Action("follow_up", footer=True),
    Action("interrupted", footer=True),
    Action("finish", "always", footer=True),
    Action("next_matter", footer=True),
    Action("park"),
    Action("resume", "always"),
    Action("invalid"),
    Action("caller"),
    Action("search", "always"),
    Action("to_note"),
    Action("script"),
    Action("conduct"),
    Action("dispatch", "always"),
    Action("today", "always"),
    Action("state", "always"),
    Action("why", "always"),
    Action("sign_out", "always"),
    Action("help", "always", footer=True),
    Action("palette", "always"),
)
"""All actions of the seat, in the order in which help lists them."""

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def possible(action: Action, *, in_call: bool) -> bool:
    """Whether the action can be done now."""
    return action.when == "always" or (action.when == "call") == in_call
