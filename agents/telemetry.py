"""Where what jihe does is said, in every process of it: logs as JSON lines (`JIHE_LOG`), traces (OpenTelemetry's variables)."""

from __future__ import annotations

import importlib.metadata
import logging
import sys
from collections.abc import Mapping
from logging.handlers import WatchedFileHandler

from schema.errors import UsageError
from schema.observing import LOG, TRACES

VARIABLE = "JIHE_LOG"
"""A file to which lines are added, or - for standard error."""


def set_up(environ: Mapping[str, str]) -> None:
    """Logs and traces as the environment asks for them.

    Raises:
        UsageError: the log cannot be written.
    """
    if where := environ.get(VARIABLE, "").strip():
        _log_to(where)
    if environ.get(TRACES):
        _trace()


def _log_to(where: str) -> None:
    from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - seldom wanted

    try:
        # Watched: a program that rotates logs may move the file away.
        handler = logging.StreamHandler(sys.stderr) if where == "-" else WatchedFileHandler(where, encoding="utf-8")
    except OSError as e:
        raise UsageError(f"{VARIABLE}：{where} 写不了（{e.strerror or e}）。请换一个文件，或写 - 表示标准错误。") from e
    formatter = JsonFormatter(
        "{asctime}{levelname}{message}", style="{", json_ensure_ascii=False, datefmt="%Y-%m-%dT%H:%M:%S%z",
        rename_fields={"asctime": "time", "levelname": "level", "message": "event"},
    )  # fmt: skip
    handler.setFormatter(formatter)
    handler.addFilter(_flat)
    for name in (LOG, "agents", "ui"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


def _flat(record: logging.LogRecord) -> bool:
    """Fields of an event stand beside the others."""
    for name, value in getattr(record, "fields", {}).items():
        setattr(record, name, value)
    record.__dict__.pop("fields", None)
    return True


def _trace() -> None:
    from opentelemetry import trace  # noqa: PLC0415 - seldom wanted
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({"service.name": LOG, "service.version": importlib.metadata.version("jihe")})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
