"""What jihe does, for those who run it: events for logs and metrics, spans for traces. Nothing is said unless somebody listens.

Events name documents, forms and cells and count; they hold no values of forms, no questions, no answers and nothing of the environment.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

Field = str | int | float | bool | None
Listener = Callable[[str, Mapping[str, Field]], None]
LOG = "jihe"
"""The logger of all events; their fields are its records' `fields`."""
TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""OpenTelemetry's own variable: where spans are sent. Without it there are none."""

_LOG = logging.getLogger(LOG)
_listeners: list[Listener] = []


def observe(event: str, **fields: Field) -> None:
    """Say that something happened."""
    _LOG.info(event, extra={"fields": fields})
    for listener in tuple(_listeners):
        listener(event, fields)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hear events for a while, in whatever thread they happen."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def span(name: str, **attributes: str | int | float | bool) -> Iterator[None]:
    """A stretch of work in a trace."""
    tracer = _tracer() if os.environ.get(TRACES) else None
    with tracer.start_as_current_span(name, attributes=attributes) if tracer is not None else nullcontext():
        yield


@cache
def _tracer() -> Tracer:
    # Slow to import, and seldom wanted.
    from opentelemetry import trace  # noqa: PLC0415

    return trace.get_tracer(LOG)
