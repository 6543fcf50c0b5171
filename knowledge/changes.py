"""What taking in entries changes: added, changed, unchanged, removed, and left because somebody here words them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec

from knowledge.article import Article

Kind = Literal["added", "changed", "removed", "kept"]
_BOOKKEEPING = ("version", "updated_on", "released_by", "origin", "doc")
"""Columns that tell of the way of an entry, not of what it says."""
_COMPARED = tuple(
    (field.encode_name, field.name)
    for field in msgspec.structs.fields(Article)
    if field.encode_name not in _BOOKKEEPING
)


class Difference(msgspec.Struct, frozen=True):
    """What happens to one entry; `fields` that differ. kept: it was edited here and stays as it is."""

    id: str
    title: str
    kind: Kind
    fields: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """What storing entries did, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    edited: tuple[str, ...] = ()
    """Entries that were edited here and therefore left as they are, although they say something else."""
    differences: tuple[Difference, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """An entry to write in the place of `before`."""

    after: Article
    before: Article | None = None


class Plan(msgspec.Struct):
    """Everything to write, and what it comes to."""

    steps: list[Step] = []
    unchanged: int = 0
    removed: list[Article] = []
    kept: list[Step] = []

    @property
    def change(self) -> Change:
        """The figures, and each entry that differs."""
        added = [step for step in self.steps if step.before is None]
        return Change(
            len(added),
            len(self.steps) - len(added),
            self.unchanged,
            len(self.removed),
            tuple(step.after.id for step in self.kept),
            (
                *(_difference(step, "added" if step.before is None else "changed") for step in self.steps),
                *(_difference(step, "kept") for step in self.kept),
                *(Difference(entry.id, entry.title, "removed") for entry in self.removed),
            ),
        )


def plan(articles: Iterable[Article], present: Mapping[str, Article], edited: Collection[str]) -> Plan:
    """What has to be written so that these entries stand; those edited here are left."""
    found = Plan()
    for article in articles:
        before = present.get(article.id)
        if before is None:
            found.steps.append(Step(article))
        elif says_the_same(before, article):
            found.unchanged += 1
        elif article.id in edited:
            found.kept.append(Step(article, before))
        else:
            found.steps.append(Step(article, before))
    return found


def says_the_same(one: Article, other: Article) -> bool:
    """Whether two versions differ in nothing but their bookkeeping."""
    return not differing(one, other)


def differing(one: Article, other: Article) -> tuple[str, ...]:
    """Columns in which two versions say something else."""
    return tuple(column for column, name in _COMPARED if getattr(one, name) != getattr(other, name))


def _difference(step: Step, kind: Kind) -> Difference:
    fields = differing(step.before, step.after) if step.before is not None else ()
    return Difference(step.after.id, step.after.title, kind, fields)
