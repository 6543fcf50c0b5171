"""The hosts of a DSN, one by one: a host that is frozen must not eat the time of those that live."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def one_by_one(dsn: str) -> tuple[str, ...]:
    """A DSN for each host of `postgresql://user:word@a:5432,b:5433/name?…` or of `?host=a,b&port=5432,5433`."""
    parts = urlsplit(dsn)
    person, _, hosts = parts.netloc.rpartition("@")
    if hosts:
        before = f"{person}@" if person else ""
        return tuple(urlunsplit(parts._replace(netloc=before + host)) for host in hosts.split(","))
    query = dict(parse_qsl(parts.query))
    named = query.get("host", "").split(",")
    ports = query.get("port", "").split(",")
    if len(ports) == 1:
        ports *= len(named)
    found = []
    for host, port in zip(named, ports, strict=False):
        told = {**query, **({"host": host} if host else {}), **({"port": port} if port else {})}
        found.append(urlunsplit(parts._replace(query=urlencode(told))))
    return tuple(found)
