"""`agent-console screen`: accept, a refusal or an emergency, by which clause and on which words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent_console.cli.output import console, print_json, run_batch
from agent_console.domain.errors import BadInput
from agent_console.resources.rule_books import jurisdiction_code, load_book
from agent_console.settings import home, load_settings
from agent_console.texts import say

if TYPE_CHECKING:
    from knowledge.screening.engine import Screener
    from knowledge.screening.evaluation import Figures
    from knowledge.screening.model import Proposal, Screening, ThreatHeard

ANY = "any"
_WORST = 20


def register(app: typer.Typer) -> None:
    """Add `screen` to the command line."""
    app.command(name="screen", help=say("screen.help"))(screen_command)


def screen_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help=say("screen.help.text"))] = "",
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help=say("screen.help.jurisdiction"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("screen.help.json"))] = False,
    batch: Annotated[Path | None, typer.Option("--batch", metavar="FILE", help=say("screen.help.batch"))] = None,
    evaluate: Annotated[
        Path | None, typer.Option("--evaluate", metavar="FILE", help=say("screen.help.evaluate"))
    ] = None,
) -> None:
    """Screen one statement, a batch, or a labelled file."""
    if batch is not None:
        run_batch(batch, _answer_line)
    elif evaluate is not None:
        _evaluate(evaluate, as_json=as_json)
    elif not text.strip():
        raise typer.BadParameter(say("error.screen_text"))
    else:
        _screen_one(text, jurisdiction or load_settings(home()).jurisdiction or ANY, as_json=as_json)


def _screen_one(text: str, jurisdiction: str, *, as_json: bool) -> None:
    screening = _screener(jurisdiction).screen(text)
    if as_json:
        print_json(_whole_answer(screening))
    else:
        _print(screening)


@cache
def _screener_of(code: str) -> Screener:
    from knowledge.screening.engine import Screener

    return Screener(None if code == ANY else load_book(code))


def _screener(jurisdiction: str) -> Screener:
    name = jurisdiction.strip().lower()
    return _screener_of(name if name == ANY else jurisdiction_code(name))


def answer(screening: Screening) -> dict[str, Any]:
    """The machine-readable form, keys as in the batch form, without `id`."""
    return {
        "predicted": [proposal.screening_class for proposal in screening.proposals],
        "urgent": screening.urgent,
        "clause": screening.best.clause,
        "hits": [_hit(proposal) for proposal in screening.proposals if proposal.words],
        "script": screening.script,
    }


def _whole_answer(screening: Screening) -> dict[str, Any]:
    """The same with what each class rests on, what to ask the caller for it, and the threats that were heard."""
    hits = [{**_hit(proposal), "basis": _basis(proposal)} for proposal in screening.proposals if proposal.words]
    questions = {proposal.screening_class: proposal.question for proposal in screening.proposals}
    threats = [_threat(heard) for heard in screening.threats]
    beside = {"basis": _basis(screening.best), "questions": questions, "threats": threats}
    return {**answer(screening), "hits": hits, **beside}


def _basis(proposal: Proposal) -> str:
    """The letter of the clause, or a reading such as 推定; "" where nothing is cited."""
    return proposal.basis if proposal.clause or proposal.basis != "letter" else ""


def _threat(heard: ThreatHeard) -> dict[str, Any]:
    return {
        "threat": heard.threat,
        "script": heard.script,
        "words": [span.text for span in heard.words],
        "why": heard.why,
    }


def _hit(proposal: Proposal) -> dict[str, Any]:
    return {
        "class": proposal.screening_class,
        "clause": proposal.clause,
        "words": [span.text for span in proposal.words],
        "why": proposal.why,
    }


def _answer_line(line: dict[str, Any]) -> dict[str, Any]:
    for field in ("jurisdiction", "text"):
        if not isinstance(line.get(field), str):
            raise BadInput("error.screen_field", "advice.screen_field", field=field)
    return answer(_screener(line["jurisdiction"]).screen(line["text"]))


def _print(screening: Screening) -> None:
    from agent_console.cli.tables import column, print_rows

    rows = [
        (
            say(f"class.{proposal.screening_class}"),
            say(f"confidence.{proposal.confidence}"),
            proposal.clause or (proposal.basis if proposal.basis != "letter" else ""),
            "、".join(span.text for span in proposal.words),
            proposal.why,
            proposal.question,
        )
        for proposal in screening.proposals
    ]
    screen = console()
    if screening.urgent:
        screen.print(say("screen.urgent"), style="bold red")
    for heard in screening.threats:
        words = "、".join(dict.fromkeys(span.text for span in heard.words))
        screen.print(say(f"threat.{heard.threat}", words=words), style="bold red")
    heads = ("class", "confidence", "clause", "words", "why", "question")
    print_rows([column(f"screen.column.{head}", prose=head in ("words", "why")) for head in heads], rows)
    if screening.script:
        screen.print(say("screen.script", script=screening.script), style="dim")


def _evaluate(path: Path, *, as_json: bool) -> None:
    from knowledge.screening.evaluation import figures, judged, labelled

    result = figures(judged(case, _screener(case.jurisdiction).screen(case.text)) for case in labelled(path))
    if as_json:
        print_json(result)
    else:
        _print_figures(result)


def _print_figures(result: Figures) -> None:
    from agent_console.cli.tables import column, print_rows

    rows = [
        (name, str(share.total), str(share.right), f"{share.right / share.total:.0%}")
        for name, share in result.by_class.items()
    ]
    heads = ("class", "lines", "right", "recall")
    print_rows([column(f"evaluate.column.{head}", right=head != "class") for head in heads], rows)
    screen = console()
    for key, share in (
        ("evaluate.accuracy", result.all),
        ("evaluate.emergency", result.emergencies),
        ("evaluate.false_alarm", result.false_alarms),
        ("evaluate.false_emergency", result.false_emergencies),
    ):
        screen.print(say(key, right=share.right, total=share.total))
    found = result.urgent_found
    screen.print(say("evaluate.urgent", right=found.right, total=found.total, extra=result.urgent_too_many))
    screen.print(say("evaluate.f1", classes=f"{result.macro_f1:.3f}", urgent=f"{result.urgent_f1:.3f}"))
    _print_detail(result)
    if result.misses:
        screen.print(say("evaluate.misses"), style="bold")
    for miss in result.misses[:_WORST]:
        case = miss.case
        screen.print(say("evaluate.miss", id=case.id, expected=case.expected, got=miss.got, text=case.text))


def _print_detail(result: Figures) -> None:
    screen = console()
    if result.by_voice:
        screen.print(say("evaluate.voices"), style="bold")
    for voice, share in result.by_voice.items():
        screen.print(say("evaluate.voice", voice=voice, right=share.right, total=share.total))
    if result.confusion:
        screen.print(say("evaluate.confusion"), style="bold")
    for expected, taken in result.confusion.items():
        for got, count in taken.items():
            screen.print(say("evaluate.taken", expected=expected, got=got, count=count))
