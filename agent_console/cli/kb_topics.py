"""`agent-console kb gaps, aliases, adopt, decline, tasks, assign, answer`: what is asked and not told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from agent_console.cli.acting import insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.kb_life import Field, File, Id, read_wording, show_life
from agent_console.cli.library import knowledge_desk
from agent_console.cli.output import print_folded, print_json
from agent_console.domain.instants import iso
from agent_console.texts import say

Words = Annotated[str, typer.Argument(metavar="WORDS", help=say("kb.help.alias_words"))]


def register(group: typer.Typer) -> None:
    """Add them to `kb`."""
    commands: dict[str, Callable[..., None]] = {
        "gaps": gaps,
        "aliases": aliases,
        "adopt": adopt,
        "decline": decline,
        "tasks": tasks,
        "assign": assign,
        "answer": answer,
    }
    for name, command in commands.items():
        group.command(name, help=say(f"kb.help.{name}"))(command)


def gaps(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """What was searched for in vain."""
    from agent_console.desk.calls import searches

    with knowledge_desk(jurisdiction, acting) as opened:
        found = searches.gaps(opened)
    if as_json:
        print_json(found)
        return
    for gap in found:
        print_folded(say("kb.gaps.line", count=gap.count, topic="　".join(gap.queries)))
    if not found:
        print_folded(say("kb.gaps.none"))


def aliases(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Words for the editor to add to an entry."""
    from agent_console.desk.calls import searches

    with knowledge_desk(jurisdiction, acting) as opened:
        found = searches.learned(opened)
    if as_json:
        print_json(found)
        return
    for one in found:
        print_folded(say("kb.aliases.line", count=one.count, query=one.query, id=one.article, title=one.title))


def adopt(article: Id, words: Words, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Draft the next version of an entry with these words among its questions."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        insist(articles.adopt_alias(opened, article, words))
        show_life(opened, article, as_json=as_json)


def decline(article: Id, words: Words, acting: As = "", jurisdiction: Jurisdiction = "") -> None:
    """Keep these words from being offered for an entry again."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        insist(articles.decline_alias(opened, article, words))
    sys.stdout.write(say("kb.aliases.declined", query=words, id=article) + "\n")


def tasks(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Formal answers that were asked for."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        found = articles.tasks(opened)
    if as_json:
        names = ("id", "topic", "unit", "set_by", "article")
        print_json([{**{name: getattr(task, name) for name in names}, "set_at": iso(task.set_at)} for task in found])
        return
    for task in found:
        state = say("kb.tasks.done", article=task.article) if task.article else say("kb.tasks.open")
        print_folded(say("kb.tasks.line", id=task.id, topic=task.topic, unit=task.unit, state=state))
    if not found:
        print_folded(say("kb.tasks.none"))


def assign(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help=say("kb.help.topic"))],
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help=say("kb.help.unit"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Ask a unit for a formal answer to a hot topic."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        decision, task = articles.set_task(opened, topic, unit)
        insist(decision)
    if as_json:
        print_json({"id": task, "topic": topic, "unit": unit})
    else:
        sys.stdout.write(say("kb.tasks.set", unit=unit, topic=topic, id=task) + "\n")


def answer(
    task: Annotated[str, typer.Argument(metavar="TASK", help=say("kb.help.task"))],
    file: File = None,
    field: Field = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Answer formally; the answer is handed in as an entry."""
    from agent_console.desk import articles

    wording = read_wording(file, field)
    with knowledge_desk(jurisdiction, acting) as opened:
        decision, article = articles.submit(opened, wording, task=task)
        insist(decision)
        show_life(opened, article, as_json=as_json)
