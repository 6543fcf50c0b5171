"""Repairs that need knowledge of one document: `data/repairs/<doc>.toml`.

document = "name"

[[replace]]            # in the order of the file
reason = "A-22"        # the reading of the rules that allows it
find = "体事件"         # literal, or a regular expression with regex = true
put = "〔群〕体事件"     # restored words stand in 〔 〕
regex = false
where = "text"         # text (title and body) or chapter

[[move]]               # what is printed under one number belongs to the article before it
reason = "A-23"
article = 15
occurrence = 1         # which of the articles with that number, in the order of the source
to = 14
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import data_folder, read_toml
from knowledge.importing.report import Remark


class Replacement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words to be put in the place of others."""

    reason: str
    find: str
    put: str
    regex: bool = False
    where: Literal["text", "chapter"] = "text"

    def apply(self, text: str) -> str:
        """The text with the replacement made."""
        return re.sub(self.find, self.put, text) if self.regex else text.replace(self.find, self.put)


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An article whose text belongs to another number."""

    reason: str
    article: int
    to: int
    occurrence: int = 1


class Repairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All repairs of one document."""

    document: str
    replace: tuple[Replacement, ...] = ()
    move: tuple[Move, ...] = ()


class Draft(msgspec.Struct):
    """One entry on its way into the knowledge base."""

    line: int
    number: int | None
    heading: str
    """Theme that stood behind the number, often empty."""
    body: str
    chapter: str = ""


def load_repairs(doc: str) -> Repairs:
    """The repairs of a document; none where no file bears its name. Raises BadInput."""
    path = data_folder("repairs") / f"{doc}.toml"
    if not path.is_file():
        return Repairs(doc)
    repairs = read_toml(path, Repairs)
    for rule in repairs.replace:
        try:
            re.compile(rule.find)
        except re.error as error:
            if rule.regex:
                raise BadInput(
                    "error.data", "kb.advice.repairs", path=str(path), reason=f"{rule.find}: {error}"
                ) from error
    return repairs


def repair(drafts: list[Draft], repairs: Repairs) -> tuple[list[Draft], list[Remark]]:
    """The drafts with all repairs made, and a remark for each that found its place."""
    remarks: list[Remark] = []
    moved = _move(drafts, repairs.move, remarks)
    for rule in repairs.replace:
        for draft in moved:
            _replace(draft, rule, remarks)
    return moved, remarks


def _replace(draft: Draft, rule: Replacement, remarks: list[Remark]) -> None:
    before = (draft.heading, draft.body, draft.chapter)
    if rule.where == "chapter":
        draft.chapter = rule.apply(draft.chapter)
    else:
        draft.heading, draft.body = rule.apply(draft.heading), rule.apply(draft.body)
    if (draft.heading, draft.body, draft.chapter) != before:
        remarks.append(Remark(draft.line, "kb.mend.repair", f"{rule.find} → {rule.put}", basis=rule.reason))


def _move(drafts: list[Draft], moves: tuple[Move, ...], remarks: list[Remark]) -> list[Draft]:
    left = list(drafts)
    for move in moves:
        same = [draft for draft in drafts if draft.number == move.article]
        target = next((draft for draft in left if draft.number == move.to), None)
        # Fewer than announced: another copy of the document, in which nothing slipped.
        if target is None or len(same) <= move.occurrence:
            continue
        source = same[move.occurrence - 1]
        target.body = "\n".join(part for part in (target.body, source.heading, source.body) if part)
        left = [draft for draft in left if draft is not source]
        remarks.append(Remark(source.line, "kb.mend.move", f"{move.article} → {move.to}", basis=move.reason))
    return left
