"""Who acts on which file, and what is said where a rule refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from agent_console.cli.missing import FieldsMissing
from agent_console.clock import clock_from_environment
from agent_console.desk.at_work import at_work
from agent_console.desk.leaving.seeing import Looked, look_at
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.domain.confidentiality.sight import NOT_YOUR_STEP
from agent_console.domain.decisions import Blocked, Decision, Done, Missing, NeedsOverride
from agent_console.domain.errors import BadInput, RuleForbids, UnknownName
from agent_console.domain.people import OPERATOR, Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.rule_books import find_clause, load_book
from agent_console.settings import Settings, home, load_settings
from agent_console.texts import say
from agent_console.texts.wording import name_of, refusal, way_out


def settings_for(jurisdiction: str) -> Settings:
    """Settings of the user's folder, for another jurisdiction where one is named. Raises BadInput where none is."""
    settings = load_settings(home())
    if jurisdiction:
        settings = msgspec.structs.replace(settings, jurisdiction=load_book(jurisdiction).code)
    if not settings.jurisdiction:
        raise BadInput("error.no_jurisdiction", "advice.no_jurisdiction")
    return settings


@contextmanager
def desk_of(jurisdiction: str = "", acting: str = "", folder: Path | None = None) -> Iterator[OpenDesk]:
    """The desk of the user's folder, or of another, somebody named by `--as` working at it."""
    settings = settings_for(jurisdiction)
    person = person_at(settings, acting)
    opened = open_desk(folder or home(), settings, clock_from_environment(), person)
    try:
        yield opened
    finally:
        opened.close()


def person_at(settings: Settings, acting: str) -> Actor:
    """Who works under these settings: the one named by `--as`, with a server whoever signed in, else their operator.

    Raises BadInput, NotSignedIn, UnknownName.
    """
    if acting and settings.server:
        raise BadInput("error.as_with_server", "advice.as_with_server")
    if settings.server:
        return at_work(home(), settings, clock_from_environment()).actor
    return parse_actor(acting, load_book(settings.jurisdiction), settings.operator)


def parse_actor(text: str, rule_book: RuleBook, operator: str) -> Actor:
    """Read ROLE[:UNIT][:NAME]; a role may be named by its id or as the screen names it. Raises UnknownName."""
    role, _, rest = text.partition(":")
    unit, _, name = rest.partition(":")
    name = name.strip() or operator or say("cli.nameless")
    return Actor(name, _role(role.strip(), rule_book), unit.strip(), self_declared=True)


def _role(text: str, rule_book: RuleBook) -> str:
    known = rule_book.roles
    for role, rule in known.items():
        if text in (role, rule.name, name_of("role", role)):
            return role
    if not text:
        return OPERATOR
    told = say("sign.list").join(say("cli.named", id=role, name=known[role].name) for role in sorted(known))
    raise UnknownName("error.role", "advice.role", name=text, known=told)


def looked_at(opened: OpenDesk, name: str, *, unmask: bool = False, ground: str = "") -> Looked:
    """The order of that name as it stands before whoever acts; that they looked is written down.

    Raises RuleForbids where they may not, UnknownName, BadInput.
    """
    looked = look_at(opened.desk, opened.records.order(name), unmask=unmask, ground=ground)
    if isinstance(looked, Blocked):
        insist(looked)
        raise AssertionError(name)
    return looked


def insist(decision: Decision) -> Done:
    """The facts of a step that was allowed.

    Raises RuleForbids with the clause, its summary and the way out, FieldsMissing where fields are still to be given.
    """
    if isinstance(decision, Done):
        return decision
    how = _how(decision)
    if isinstance(decision, Missing):
        raise FieldsMissing(decision, refusal(decision), how)
    raise RuleForbids("error.rule", "advice.rule" if how else None, why=refusal(decision), how=how)


def _how(decision: Missing | Blocked | NeedsOverride) -> str:
    return "\n".join(line for line in [*_summaries(decision), way_out(decision), _as_whom(decision)] if line)


def _as_whom(decision: Missing | Blocked | NeedsOverride) -> str:
    """How the step is taken by one of the roles that may; "" where the account at a server decides who one is."""
    if not isinstance(decision, Blocked) or decision.message.key != NOT_YOUR_STEP or load_settings(home()).server:
        return ""
    roles = str(decision.message.fields["roles"]).split("、")
    return say("cli.as_whom", examples=say("sign.or").join(f"--as {role}" for role in roles))


def _summaries(decision: Missing | Blocked | NeedsOverride) -> list[str]:
    clauses = decision.clauses if isinstance(decision, Blocked) else (decision.clause,)
    return [
        say("cli.clause", id=clause, summary=find_clause(clause).summary) for clause in dict.fromkeys(clauses) if clause
    ]
