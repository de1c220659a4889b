"""Traces by OpenTelemetry, where a collector is named; elsewhere nothing of it is even loaded."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

SpanKind = Literal["server", "consumer", "internal"]
_SOON = 2.0  # seconds a collector has to answer: people must not wait for it

_tracing: "_Tracing | None" = None


class _Tracing:
    """The one provider of this process."""

    def __init__(self, collector: str, service: str, freezes: bool) -> None:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._trace = trace
        self._format = TraceContextTextMapPropagator()
        self._freezes = freezes
        self.provider = TracerProvider(resource=Resource.create({"service.name": service}))
        exporter = OTLPSpanExporter(endpoint=f"{collector.rstrip('/')}/v1/traces", timeout=_SOON)
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self.provider.get_tracer("diwan")

    @contextmanager
    def span(self, name: str, kind: SpanKind, parent: str | None, facts: Mapping[str, Any]) -> Iterator[Any]:
        context = self._format.extract({"traceparent": parent}) if parent else None
        outermost = not self._trace.get_current_span().get_span_context().is_valid
        kinds = self._trace.SpanKind
        told = {"server": kinds.SERVER, "consumer": kinds.CONSUMER, "internal": kinds.INTERNAL}[kind]
        # What an exception says may hold what people typed: its type is enough.
        with self._tracer.start_as_current_span(
            name, context, told, attributes=dict(facts), record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(self._trace.StatusCode.ERROR)
                raise
        if outermost and self._freezes:
            # A function is frozen between two calls, and the thread that sends with it.
            self.provider.force_flush(int(_SOON * 1000))

    def parent(self) -> str | None:
        carrier: dict[str, str] = {}
        self._format.inject(carrier)
        return carrier.get("traceparent")


def start_traces(collector: str, service: str, freezes: bool = False) -> None:
    """Send spans by OTLP over HTTP to `collector`, a base URL; `freezes` where we are frozen between two calls."""
    global _tracing
    _tracing = _Tracing(collector, service, freezes)


def stop_traces() -> None:
    """Send what is left, and trace no more."""
    global _tracing
    if _tracing:
        _tracing.provider.shutdown()
    _tracing = None


@contextmanager
def span(
    name: str, kind: SpanKind = "internal", parent: str | None = None, **facts: str | int
) -> Iterator["Span"]:
    """Time the block as `name`, under `parent` (a W3C traceparent) or else under the block around it.

    Facts are ids of ours and attributes of OpenTelemetry's conventions, their dots written as two underscores.
    """
    if _tracing is None:
        yield Span(None)
        return
    with _tracing.span(name, kind, parent, _dotted(facts)) as opened:
        yield Span(opened)


def traceparent() -> str | None:
    """What to hand on so that later work hangs under the present block; None where nothing is traced."""
    return _tracing.parent() if _tracing else None


class Span:
    """A block being timed."""

    def __init__(self, opened: Any) -> None:
        self._opened = opened

    def tell(self, **facts: str | int) -> None:
        """Add what is known only now."""
        if self._opened is not None:
            self._opened.set_attributes(_dotted(facts))


def _dotted(facts: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name.replace("__", "."): value for name, value in facts.items()}
