"""Taking a whole file into the knowledge base: who may, and the one fact that says so."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.upkeep.article_rules import ActRule, KnowledgeRules
from agent_console.domain.upkeep.article_steps import may

STREAM = "knowledge_imports"
"""Stream of the imports."""


class ImportedFile(msgspec.Struct, frozen=True):
    """A file that was read as entries.

    doc: name of the document; named: whether whoever imports named it, otherwise it is the file's. sha256: of the
    file's content, which is kept under it. entries, doubtful, set_aside: how many.
    """

    doc: str
    file: str
    sha256: str
    named: bool
    entries: int
    doubtful: int
    set_aside: int


@fact("knowledge.imported")
class KnowledgeImported(msgspec.Struct, frozen=True):
    """From now on what the kept file says stands in the knowledge base."""

    imported: ImportedFile
    by: str
    occurred_at: Instant


class ImportFile(msgspec.Struct, frozen=True):
    """Take the entries of a file in as they are."""

    imported: ImportedFile


class Imports(msgspec.Struct, frozen=True):
    """Folded state: how many files went in."""

    count: int = 0


def evolve(state: Imports, happened: msgspec.Struct | None) -> Imports:
    """State after a fact."""
    return Imports(state.count + 1) if isinstance(happened, KnowledgeImported) else state


def decide(_state: Imports, command: ImportFile, context: Context) -> Decision:
    """Only somebody who may hand in, review, release and change any entry takes a file in as it is."""
    for rule in _asked(context.rule_book.knowledge):
        refused = may(rule, "", context)
        if refused is not None:
            return refused
    return Done((KnowledgeImported(command.imported, context.actor.name, context.now),))


def keepers(rules: KnowledgeRules) -> tuple[str, ...]:
    """Roles that may take a file in as it is, in the order of the book."""
    named = [rule.roles if rule else () for rule in _asked(rules)]
    return tuple(role for role in named[-1] if all(role in roles for roles in named))


def _asked(rules: KnowledgeRules) -> tuple[ActRule | None, ...]:
    reviewing = () if rules.reviewing is None else (rules.reviewing,)
    return rules.submitting, *reviewing, rules.releasing, rules.changing
