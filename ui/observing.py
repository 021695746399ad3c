"""What jihe counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from schema.errors import UsageError
from schema.observing import Field, listening

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

    from store.store import Store

METRICS_HOST = "127.0.0.1"
_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
Gauges = Callable[[], Mapping[tuple[str, str, str], float]]
"""What a scrape counts anew: (name, label, the label's value) to a number."""


@contextmanager
def metrics(port: int, gauges: Gauges) -> Iterator[int]:
    """Serve metrics for Prometheus on loopback while this is open; the port, which 0 leaves to the system.

    Raises:
        UsageError: the port cannot be listened on.
    """
    from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server  # noqa: PLC0415 - seldom wanted

    registry = CollectorRegistry()
    lost = Counter("jihe_workers_lost", "Worker processes that a document took with it.", ["why"], registry=registry)
    answers = Histogram("jihe_answer_seconds", "Seconds from a question to its answer.", ["mode"], buckets=_SECONDS, registry=registry)
    refused = Counter("jihe_logins_refused", "Wrong names or passwords.", registry=registry)
    registry.register(_Counted(gauges))

    def hear(event: str, fields: Mapping[str, Field]) -> None:
        if event == "worker.lost":
            lost.labels(str(fields["why"])).inc()
        elif event == "answer":
            answers.labels(str(fields["mode"])).observe(float(fields["seconds"] or 0))
        elif event == "login.refused":
            refused.inc()

    with ExitStack() as stack:
        try:
            server, thread = start_http_server(port, METRICS_HOST, registry)
        except OSError as e:
            raise UsageError(f"指标端口 {port} 不能监听（{e.strerror or e}）。请用 --metrics-port 换一个。") from e
        stack.callback(thread.join, 5)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        stack.enter_context(listening(hear))
        yield int(server.server_address[1])


def of_store(store: Store) -> dict[tuple[str, str, str], float]:
    """What a store holds, as gauges."""
    counts = store.counts()
    names = ("documents", "failed", "pages", "forms", "versions", "indicators", "review_marks", "corrections")
    out = {(f"jihe_{name}", "", ""): float(getattr(counts, name)) for name in names}
    return out | {("jihe_findings", "severity", severity): float(number) for severity, number in counts.findings.items()}


class _Counted:
    """What is counted in the store when somebody looks."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The gauges as they stand."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - seldom wanted

        families: dict[str, GaugeMetricFamily] = {}
        for (name, label, value), number in self._gauges().items():
            family = families.setdefault(name, GaugeMetricFamily(name, name.replace("_", " "), labels=[label] if label else []))
            family.add_metric([value] if label else [], number)
        return families.values()
