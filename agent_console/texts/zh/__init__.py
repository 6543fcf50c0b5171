"""The console speaks Chinese; one module per part of the house."""

from agent_console.texts.zh import cli, deadlines, desk, errors, knowledge, orders, screening, seat, store

TEXTS: dict[str, str] = {
    **errors.TEXTS,
    **deadlines.TEXTS,
    **store.TEXTS,
    **knowledge.TEXTS,
    **screening.TEXTS,
    **desk.TEXTS,
    **orders.TEXTS,
    **seat.TEXTS,
    **cli.TEXTS,
}
"""Wording by key; a gap is written `{name}`."""
