"""What people do at a seat beside the common things: files that travel apart, and orders not everybody may read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from agent_console.clock import Clock
from agent_console.desk.desk import order_stream
from agent_console.desk.imports import Taken, take_in
from agent_console.desk.orders import attaching, handling
from agent_console.desk.orders.fetching import fetch_missing
from agent_console.domain.decisions import Done
from agent_console.domain.upkeep.article_imports import STREAM, keepers
from agent_console.domain.work_order.order_secrecy import ClassifyOrder, DeclassifyOrder
from agent_console.settings import Settings
from agent_console.store.private_files import digest_of
from knowledge.importing import kept_files
from knowledge.importing.documents import read_document
from tests.faults.work import Person
from tests.support.media import PHOTO

SECRET_WORD = "配方外泄"
"""Stands in the content of every order that is confidential for good, and nowhere else."""
ATTACHMENT, IMPORT = "attachment", "import"
_CATEGORY = "business_secret"
_LARGEST = 500_000
_LIMIT = 200 << 20


class FurtherWork:
    """One person's files and confidential orders."""

    def __init__(self, person: Person, home: Path, settings: Settings, clock: Clock) -> None:
        """At this person's desk in `home`."""
        self._person = person
        self._random = person.random
        self._home = home
        self._settings = settings
        self._clock = clock

    def acts(self) -> dict[Callable[[], None], int]:
        """What this person may do of it."""
        book, actor = self._person.desk.rule_book, self._person.desk.actor
        acts: dict[Callable[[], None], int] = {self.look_at_files: 6}
        if not actor.unit:
            acts[self.attach] = 8
        if actor.role in keepers(book.knowledge):
            acts[self.take_into_knowledge] = 5
        secret = book.confidentiality.secret
        if secret is not None and {actor.role} <= {*secret.readers} & {*secret.roles}:
            acts |= {self.raise_secret: 8, self.classify: 6, self.declassify: 3}
        return acts

    def attach(self) -> None:
        """Put a photo to an order."""
        order = self._person.some_order("")
        if order is None:
            return
        path = self._home / "photo.jpg"
        path.write_bytes(PHOTO + self._random.randbytes(self._random.randrange(_LARGEST)))
        decision = attaching.attach(self._person.opened, order.id, [path], _LIMIT)
        self._person.shown(ATTACHMENT, decision, order_stream(order.id), digest_of(path))

    def look_at_files(self) -> None:
        """Look at the files of an order, which may have to be fetched."""
        order = self._person.some_order("")
        if order is not None:
            fetch_missing(self._person.opened, order, self._home, self._settings, self._clock)

    def take_into_knowledge(self) -> None:
        """Take a file into the knowledge base as it is."""
        path = self._home / "路灯.csv"
        path.write_text(f"标题,正文\n路灯报修,报杆号{self._random.random()}\n", "utf-8")
        sha256, opened = digest_of(path), self._person.opened
        with opened.desk.transaction():
            assert isinstance(take_in(opened, read_document(path, None), sha256), Taken)
            kept_files.keep(self._home, path, sha256)
        self._person.shown(IMPORT, Done(()), STREAM, sha256)

    def raise_secret(self) -> None:
        """An order whose caller asks for secrecy; it stays confidential."""
        self._person.raised(content=f"{SECRET_WORD}{self._random.random()}", confidential=True)

    def classify(self) -> None:
        """Make one confidential that others have seen."""
        self._on_order("classification", ClassifyOrder(_CATEGORY, "领导批示"))

    def declassify(self) -> None:
        """Open one again, but none that was confidential from its beginning."""
        self._on_order("declassification", DeclassifyOrder("已经公开"))

    def _on_order(self, kind: str, command: ClassifyOrder | DeclassifyOrder) -> None:
        order = self._person.some_order("")
        if order is not None and SECRET_WORD not in order.details.content:
            self._person.shown(kind, handling.take(self._person.desk, order.id, command))
