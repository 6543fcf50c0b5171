"""`agent-console kb submit, change, review, release, withdraw, history, stale, remind, feedback`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.library import knowledge_desk
from agent_console.cli.output import print_folded, print_json
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso
from agent_console.texts import say
from agent_console.texts.wording import name_of

if TYPE_CHECKING:
    from agent_console.desk.opening import OpenDesk
    from agent_console.domain.upkeep.article_upkeep import Owed
    from agent_console.domain.upkeep.articles import ArticleLife, FeedbackGiven, Version, Wording

_LISTS = ("questions", "keywords", "jurisdictions", "sources")

Id = Annotated[str, typer.Argument(metavar="ID", help=say("kb.help.id"))]
File = Annotated[Path | None, typer.Argument(metavar="FILE", help=say("kb.help.wording"))]
Field = Annotated[list[str] | None, typer.Option("--field", help=say("kb.help.set"))]
Owner = Annotated[str | None, typer.Option("--owner", metavar="UNIT", help=say("kb.help.owner"))]


def register(group: typer.Typer) -> None:
    """Add them to `kb`."""
    commands: dict[str, Callable[..., None]] = {
        "submit": submit,
        "change": change,
        "review": review,
        "release": release,
        "withdraw": withdraw,
        "history": history,
        "stale": stale,
        "remind": remind,
        "feedback": feedback,
    }
    for name, command in commands.items():
        group.command(name, help=say(f"kb.help.{name}"))(command)


def submit(
    file: File = None,
    field: Field = None,
    owner: Owner = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Hand in a new entry."""
    from agent_console.desk import articles

    wording = read_wording(file, field)
    with knowledge_desk(jurisdiction, acting) as opened:
        decision, article = articles.submit(opened, wording, owner or "")
        insist(decision)
        show_life(opened, article, as_json=as_json)


def change(
    article: Id,
    file: File = None,
    field: Field = None,
    owner: Owner = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Draft the next version of an entry."""
    from agent_console.desk import articles

    given = _given(file, field)
    wording = _as_wording(given)
    names = {known.encode_name: known.name for known in msgspec.structs.fields(type(wording))}
    changes = {names[name]: getattr(wording, names[name]) for name in given}
    with knowledge_desk(jurisdiction, acting) as opened:
        insist(articles.change(opened, article, changes, owner))
        show_life(opened, article, as_json=as_json)


def review(
    article: Id,
    reject: Annotated[str, typer.Option("--reject", help=say("kb.help.reject"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Look at the draft of an entry."""
    from agent_console.domain.upkeep.article_steps import ReviewArticle

    _take(article, ReviewArticle(not reject, reject), acting, jurisdiction, as_json=as_json)


def release(article: Id, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Let operators find the draft of an entry."""
    from agent_console.domain.upkeep.article_steps import ReleaseArticle

    _take(article, ReleaseArticle(), acting, jurisdiction, as_json=as_json)


def _take(article: str, command: msgspec.Struct, acting: str, jurisdiction: str, *, as_json: bool) -> None:
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        insist(articles.take(opened, article, command))
        show_life(opened, article, as_json=as_json)


def withdraw(
    article: Id,
    reason: Annotated[str, typer.Option(help=say("kb.help.reason"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Let operators find an entry no more."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        insist(articles.withdraw(opened, article, reason))
        show_life(opened, article, as_json=as_json)


def history(article: Id, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Every version of an entry, and what was said of it."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        life = articles.life(opened, article)
    if as_json:
        print_json(_life_form(article, life))
        return
    for version in life.versions:
        names = {"by": version.by, "reviewed": version.reviewed_by, "released": version.released_by}
        status = say(f"kb.version_status.{version.status}")
        print_folded(say("kb.history.version", number=version.number, status=status, **names))
    for given in life.feedback:
        complaint = say(f"kb.complaint.{given.complaint}")
        print_folded(say("kb.history.feedback", complaint=complaint, by=given.by, words=given.words))
    if not life.versions and not life.feedback:
        print_folded(say("kb.history.none"))


def stale(
    owner: Annotated[str | None, typer.Option("--owner", metavar="UNIT", help=say("kb.help.of_owner"))] = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Entries their owners should look at again."""
    from agent_console.desk import articles

    with knowledge_desk(jurisdiction, acting) as opened:
        found = [one for one in articles.upkeep(opened) if owner is None or one.kept.owner == owner]
    if as_json:
        print_json([_owed_form(one) for one in found])
        return
    for one in found:
        why = say(f"kb.owed.{one.reason}", day=str(one.day))
        named = {"owner": one.kept.owner or say("kb.line_itself"), "id": one.kept.article, "title": one.kept.title}
        print_folded(say("kb.owed.line", why=why, clause=one.clause or say("kb.owed.house"), **named))
    if not found:
        print_folded(say("kb.owed.none"))


def remind(article: Id, acting: As = "", jurisdiction: Jurisdiction = "") -> None:
    """Ask the owner of an entry to look at it again."""
    from agent_console.desk import articles
    from agent_console.domain.upkeep.articles import OwnerReminded

    with knowledge_desk(jurisdiction, acting) as opened:
        decision = insist(articles.remind(opened, article))
    [reminded] = [happened for happened in decision.facts if isinstance(happened, OwnerReminded)]
    sys.stdout.write(say("kb.reminded", owner=reminded.owner or say("kb.line_itself"), id=article) + "\n")


def feedback(
    article: Annotated[str, typer.Argument(metavar="ID", help=say("kb.help.id"))] = "",
    complaint: Annotated[str, typer.Argument(metavar="SORT", help=say("kb.help.complaint"))] = "",
    words: Annotated[str, typer.Option(help=say("kb.help.words"))] = "",
    call: Annotated[str, typer.Option(help=say("kb.help.call"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Say what is wrong with an entry; without one, list what was said."""
    from agent_console.desk import articles
    from agent_console.domain.upkeep.articles import COMPLAINTS

    with knowledge_desk(jurisdiction, acting) as opened:
        if article:
            known = next((one for one in COMPLAINTS if complaint in (one, say(f"kb.complaint.{one}"))), None)
            if known is None:
                raise typer.BadParameter(say("kb.help.complaint"), param_hint="SORT")
            insist(articles.give_feedback(opened, article, known, words, opened.records.call(call).id if call else ""))
            sys.stdout.write(say("kb.feedback.kept") + "\n")
            return
        given = [(entry, one) for entry, life in articles.complaints(opened) for one in life]
    if as_json:
        print_json([{"id": entry, **_feedback_form(one)} for entry, one in given])
        return
    for entry, one in given:
        told = {"complaint": say(f"kb.complaint.{one.complaint}"), "by": one.by, "words": one.words}
        print_folded(say("kb.feedback.line", id=entry, version=one.version, **told))
    if not given:
        print_folded(say("kb.feedback.none"))


def read_wording(file: Path | None, field: list[str] | None) -> Wording:
    """What an entry says, from a JSON file and single fields. Raises BadInput."""
    return _as_wording(_given(file, field))


def _given(file: Path | None, field: list[str] | None) -> dict[str, Any]:
    from agent_console.cli.options import pairs

    given: dict[str, Any] = _read(file) if file is not None else {}
    for name, value in pairs(field).items():
        given[name] = [part for part in value.replace("；", ";").split(";") if part] if name in _LISTS else value
    return given


def _read(file: Path) -> dict[str, Any]:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return msgspec.json.decode(raw, type=dict[str, Any])
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(file), reason=error.strerror or "") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(error) from error


def _as_wording(given: dict[str, Any]) -> Wording:
    from agent_console.domain.upkeep.articles import Wording

    try:
        return msgspec.convert(given, Wording)
    except msgspec.ValidationError as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> BadInput:
    from agent_console.domain.upkeep.articles import Wording

    known = "、".join(field.encode_name for field in msgspec.structs.fields(Wording))
    return BadInput("kb.error.wording", "kb.advice.wording", reason=str(error), known=known)


def show_life(opened: OpenDesk, article: str, *, as_json: bool) -> None:
    """Say where an entry stands."""
    from agent_console.desk import articles

    life = articles.life(opened, article)
    if as_json:
        print_json(_life_form(article, life))
        return
    version = life.latest.number if life.latest else 0
    status = name_of("kb.version_status", life.status)
    sys.stdout.write(say("kb.life", id=article, version=version, status=status) + "\n")


def _life_form(article: str, life: ArticleLife) -> dict[str, Any]:
    return {
        "id": article,
        "owner": life.owner,
        "status": life.status,
        "task": life.task,
        "reminded_at": iso(life.reminded_at) if life.reminded_at else "",
        "versions": [_version_form(version) for version in life.versions],
        "feedback": [_feedback_form(given) for given in life.feedback],
    }


def _version_form(version: Version) -> dict[str, Any]:
    form: dict[str, Any] = msgspec.to_builtins(version)
    for name in ("drafted_at", "released_at", "ended_at"):
        form[name] = iso(form[name]) if form[name] else ""
    return form


def _feedback_form(given: FeedbackGiven) -> dict[str, Any]:
    return {**msgspec.to_builtins(given), "occurred_at": iso(given.occurred_at)}


def _owed_form(one: Owed) -> dict[str, Any]:
    return {
        "id": one.kept.article,
        "title": one.kept.title,
        "owner": one.kept.owner,
        "reason": one.reason,
        "day": one.day,
        "clause": one.clause,
    }
