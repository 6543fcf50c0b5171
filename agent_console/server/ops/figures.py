"""Figures for Prometheus, of one process: requests, their time, what was refused, streams that are open."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """The figures of one application; paths are those of the schema, so that no number of an order becomes a label."""

    def __init__(self) -> None:
        """Everything at nought."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "agent_console_requests", "Requests", ("method", "path", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "agent_console_request_seconds", "Time of a request", ("path",), buckets=_BUCKETS, registry=self._registry
        )
        self._running = Gauge("agent_console_requests_running", "Requests that run", registry=self._registry)
        self._ready = Gauge("agent_console_ready", "Whether the database answers", registry=self._registry)

    def begun(self) -> None:
        """A request has come."""
        self._running.inc()

    def ended(self, method: str, path: str, status: int, seconds: float) -> None:
        """It was answered, or given up."""
        self._running.dec()
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def ready(self, is_ready: bool) -> None:
        """Whether the database answered when last asked."""
        self._ready.set(is_ready)

    def text(self) -> bytes:
        """All of them, as Prometheus reads it."""
        return generate_latest(self._registry)
